using System.Text.Json.Serialization;

namespace PromptCache.Core.Pricing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PriceHeader))]
[JsonSerializable(typeof(PriceLine))]
[JsonSerializable(typeof(PriceOverlayLine))]
internal sealed partial class PriceJson : JsonSerializerContext;
