using System.Buffers.Binary;

namespace PromptCache.Gateway.Explain;

/// <summary>The parameters that invalidate a level, field by field, as keyed digests.</summary>
internal static class LevelSalt
{
    // By tag, as the salt's format numbers them.
    private static readonly string[] Names = ["", "the presence of images", "tool_choice", "parallel_tool_calls", "reasoning", "reasoning_effort", "thinking", "the output effort", "function_call", "speed", "web_search_options", "citations"];

    /// <summary>The digest of each field by its tag; 0: not said.</summary>
    public static ulong[] Read(ReadOnlySpan<byte> scope, params ReadOnlySpan<byte[]> salts)
    {
        var fields = new ulong[Names.Length];
        foreach (var salt in salts)
        {
            for (var at = 1; at + 5 <= salt.Length;)
            {
                var (tag, length) = (salt[at], BinaryPrimitives.ReadInt32LittleEndian(salt.AsSpan(at + 1)));
                if (tag < fields.Length)
                {
                    fields[tag] = LooseForms.Digest(scope, (byte)(64 + tag), salt.AsSpan(at + 5, length)) | 1;
                }

                at += 5 + length;
            }
        }

        return fields;
    }

    /// <summary>The names of the fields in which two differ.</summary>
    public static IEnumerable<string> Differences(ulong[] one, ulong[] other)
        => Enumerable.Range(1, Names.Length - 1).Where(tag => one[tag] != other[tag]).Select(tag => Names[tag]);
}
