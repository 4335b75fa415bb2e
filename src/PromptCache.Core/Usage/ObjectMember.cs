using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Usage;

/// <summary>One member of a JSON object, by its place in the bytes.</summary>
/// <param name="NameStart">The opening quote of the name.</param>
/// <param name="Name">The name as it is spelled, without quotes.</param>
/// <param name="Value">The value.</param>
/// <param name="Kind">The value's first token.</param>
internal readonly record struct ObjectMember(int NameStart, ByteRange Name, ByteRange Value, JsonTokenType Kind);
