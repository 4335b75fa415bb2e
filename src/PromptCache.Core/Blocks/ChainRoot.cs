using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PromptCache.Core.Blocks;

/// <summary>
/// Keyed hashes over length-framed fields: <c>HMAC-SHA256(secret, {u32 length, bytes}*)</c>, big-endian lengths, UTF-8 text.
/// The frames keep (<c>ab</c>, <c>c</c>) and (<c>a</c>, <c>bc</c>) apart.
/// </summary>
internal static class ChainRoot
{
    private const string RootPurpose = "promptcache root";
    private const string MemoPurpose = "promptcache memo";

    /// <summary>The root of every chain of one tenant, provider, model, tokenizer and cache. A first cache is no field, so that its roots are those of a provider with one.</summary>
    public static void Compute(ReadOnlySpan<byte> secret, in ChainIdentity identity, Span<byte> root)
    {
        ReadOnlySpan<string> fields = [identity.Tenant, identity.Provider, identity.Model, identity.Tokenizer, identity.Cache];
        Hmac(secret, root, RootPurpose, string.IsNullOrEmpty(identity.Cache) ? fields[..^1] : fields);
    }

    /// <summary>What the memo's keys begin with. It is per tenant: a memo that tenants share would tell one by its timing what another has sent.</summary>
    public static void ComputeMemoScope(ReadOnlySpan<byte> secret, string tenant, string tokenizer, Span<byte> scope)
        => Hmac(secret, scope, MemoPurpose, tenant, tokenizer);

    private static void Hmac(ReadOnlySpan<byte> secret, Span<byte> destination, string purpose, params ReadOnlySpan<string> fields)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        Append(hmac, Encoding.UTF8.GetBytes(purpose));
        Append(hmac, [ChainFormat.Version, ChainFormat.CanonicaliserVersion]);
        foreach (var field in fields)
        {
            Append(hmac, Encoding.UTF8.GetBytes(field ?? ""));
        }

        hmac.GetHashAndReset(destination);
    }

    private static void Append(IncrementalHash hmac, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)field.Length);
        hmac.AppendData(length);
        hmac.AppendData(field);
    }
}
