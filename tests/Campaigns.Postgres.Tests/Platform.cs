using System.Runtime.Versioning;

// A private server needs Linux or macOS, and so do these tests.
[assembly: UnsupportedOSPlatform("windows")]
