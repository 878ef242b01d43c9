using System.Security.Cryptography;
using System.Text;

namespace Campaigns.Postgres.Migrations;

/// <summary>One forward step of the schema. Once it is applied anywhere it never changes: a later change is a new script.</summary>
/// <param name="Version">Its place in the order, from 1.</param>
/// <param name="Name">What it does, from the file's name: lower case, digits and underscores.</param>
/// <param name="Sql">Statements separated by semicolons, run in one transaction. No <c>BEGIN ATOMIC</c> bodies: the driver splits at semicolons.</param>
public sealed record MigrationScript(int Version, string Name, string Sql)
{
    /// <summary>SHA-256 of the text in lower-case hex. Line endings and white space at the end of the file do not count.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n").TrimEnd())));

    /// <summary>The file's name.</summary>
    /// <returns><c>NNNN_name.sql</c>.</returns>
    public override string ToString() => $"{Version:0000}_{Name}.sql";
}
