namespace Campaigns.Audio;

/// <summary>Which instructions compute the samples. All of them give the same ones.</summary>
internal enum FirPath
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}
