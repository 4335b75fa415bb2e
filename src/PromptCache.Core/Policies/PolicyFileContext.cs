using System.Text.Json;
using System.Text.Json.Serialization;

namespace PromptCache.Core.Policies;

/// <summary>Reads <see cref="PolicyFile"/> without reflection. An unknown member is an error: a misspelt rule would be no rule.</summary>
[JsonSourceGenerationOptions(
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(DurationConverter), typeof(JsonStringEnumConverter<CacheMode>), typeof(JsonStringEnumConverter<ExcessRule>)])]
[JsonSerializable(typeof(PolicyFile))]
internal sealed partial class PolicyFileContext : JsonSerializerContext;
