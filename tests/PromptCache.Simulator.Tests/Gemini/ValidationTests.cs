using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.Gemini.GeminiCalls;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Gemini;

public sealed class ValidationTests
{
    [Theory]
    [InlineData("""{"contents":[]}""", "* GenerateContentRequest.contents: contents is not specified")]
    [InlineData("""{"contents":[{"role":"user","parts":[]}]}""", "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.")]
    [InlineData("""{"contents":[{"role":"user","parts":[{}]}]}""", "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have one initialized field")]
    [InlineData("""{"contents":[{"role":"assistant","parts":[{"text":"x"}]}]}""", "Please use a valid role: user, model.")]
    [InlineData("""{"messages":[]}""", "Invalid JSON payload received. Unknown name \"messages\": Cannot find field.")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"x","cache_control":{}}]}]}""", "Invalid JSON payload received. Unknown name \"cache_control\" at 'contents[0].parts[0]': Cannot find field.")]
    [InlineData("""{"generationConfig":{"maxTokens":1}}""", "Invalid JSON payload received. Unknown name \"maxTokens\" at 'generation_config': Cannot find field.")]
    [InlineData("""{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","additionalProperties":false}}}}]}]}""", "Invalid JSON payload received. Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters.properties[a]': Cannot find field.")]
    [InlineData("""{"tools":[{"functionDeclarations":[{"name":"1f"}]}]}""", "* GenerateContentRequest.tools[0].function_declarations[0].name: [FIELD_INVALID] Invalid function name.")]
    [InlineData("""{"tools":[{"functionDeclarations":[{"name":"f"},{"name":"f"}]}]}""", "Duplicate function declaration found: f")]
    [InlineData("""{"generationConfig":{"temperature":3}}""", "* GenerateContentRequest.generation_config.temperature:")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}]}""", "Please ensure that the number of function response parts is equal to the number of function call parts")]
    [InlineData("""{"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]}]}""", "Please ensure that function call turn comes immediately after a user turn or after a function response turn.")]
    public async Task Post_Invalid_Is400InGooglesWords(string changes, string message)
    {
        await using var simulator = await StartAsync();
        var body = Request(Turn("user", "x"));
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        var (status, reply) = await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", body, Headers);
        reply.Text("error", "message").ShouldStartWith(message);
        (status, reply.Int("error", "code"), reply.Text("error", "status")).ShouldBe((400, 400, "INVALID_ARGUMENT"));
    }

    [Fact]
    public async Task Post_WithoutAKey_Is403()
    {
        await using var simulator = await StartAsync();
        var (status, reply) = await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", Request(Turn("user", "x")));
        (status, reply.Text("error", "status")).ShouldBe((403, "PERMISSION_DENIED"));
        (await simulator.PostAsync($"/v1beta/models/{Model}:generateContent?key=k", Request(Turn("user", "x")))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("429", "RESOURCE_EXHAUSTED")]
    [InlineData("500", "INTERNAL")]
    [InlineData("503", "UNAVAILABLE")]
    public async Task Post_ErrorAskedFor_IsInGooglesShape(string error, string expected)
    {
        await using var simulator = await StartAsync();
        var (status, reply) = await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", Request(Turn("user", "x")), [.. Headers, ("x-sim-error", error)]);
        ($"{status}", reply.Text("error", "status")).ShouldBe((error, expected));
    }
}
