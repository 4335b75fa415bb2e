using System.Security.Cryptography;
using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Names for what a conversation and a tenant are to a provider's cache: the same as long as tools, system and first message are the same, and meaningless to anyone else.</summary>
internal static class AffinityKey
{
    private const int Bytes = 16;

    /// <summary>The conversation's key: a keyed hash over everything up to the end of the first message. No tokenizing: it goes out with the request.</summary>
    public static string OfConversation(ReadOnlySpan<byte> secret, Tenant tenant, SegmentList segments)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"conversation\0{tenant.Id}\0"));
        var first = -1;
        foreach (ref readonly var segment in segments.Segments)
        {
            if (segment.Level == SegmentLevel.Messages)
            {
                if (first >= 0 && segment.Item != first)
                {
                    break;
                }

                first = segment.Item;
            }

            hash.AppendData(BitConverter.GetBytes(segment.Canonical.Length));
            hash.AppendData(segments.CanonicalOf(segment));
        }

        return Name(hash.GetHashAndReset());
    }

    /// <summary>The tenant's salt, for engines that keep tenants apart by one.</summary>
    public static string OfTenant(ReadOnlySpan<byte> secret, Tenant tenant)
        => Name(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"salt\0{tenant.Id}")));

    private static string Name(byte[] digest) => "pc-" + Convert.ToHexStringLower(digest.AsSpan(0, Bytes));
}
