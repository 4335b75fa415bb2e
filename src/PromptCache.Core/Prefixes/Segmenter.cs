using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Requests;

namespace PromptCache.Core.Prefixes;

/// <summary>Cuts a request into segments with canonical bytes.</summary>
public static class Segmenter
{
    /// <summary>Cuts the request; on failure (a wrong type, a marker where none may stand) says which field is at fault.</summary>
    public static bool TryCut(PromptRequest request, [NotNullWhen(true)] out SegmentList? segments, [NotNullWhen(false)] out RequestError? error)
        => throw new NotSupportedException();
}
