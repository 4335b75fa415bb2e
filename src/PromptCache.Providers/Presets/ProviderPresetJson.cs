using System.Text.Json;
using System.Text.Json.Serialization;

namespace PromptCache.Providers.Presets;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, ReadCommentHandling = JsonCommentHandling.Skip, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(List<ProviderPreset>))]
internal sealed partial class ProviderPresetJson : JsonSerializerContext;
