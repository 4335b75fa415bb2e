using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.Anthropic.AnthropicCalls;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Anthropic;

public sealed class ValidationTests
{
    private const string Plain = """{"model":"claude-sonnet-4-5","max_tokens":2000,"messages":[{"role":"user","content":"x"}]}""";

    [Theory]
    [InlineData("""{"max_tokens":null}""", "max_tokens: Field required")]
    [InlineData("""{"messages":null}""", "messages: Field required")]
    [InlineData("""{"messages":[]}""", "messages: at least one message is required")]
    [InlineData("""{"frequency_penalty":1}""", "frequency_penalty: Extra inputs are not permitted")]
    [InlineData("""{"metadata":{"user":"x"}}""", "metadata.user: Extra inputs are not permitted")]
    [InlineData("""{"temperature":1.5}""", "temperature: range: 0..1")]
    [InlineData("""{"stop_sequences":[" "]}""", "stop_sequences: each stop sequence must contain non-whitespace")]
    [InlineData("""{"system":[{"type":"text","text":""}]}""", "system: text content blocks must be non-empty")]
    [InlineData("""{"system":[{"type":"text","text":"x","name":"y"}]}""", "system.0.name: Extra inputs are not permitted")]
    [InlineData("""{"tools":[{"name":"a b","input_schema":{"type":"object"}}]}""", "tools.0.custom.name: String should match pattern")]
    [InlineData("""{"tools":[{"name":"a"}]}""", "tools.0.custom.input_schema: Field required")]
    [InlineData("""{"tools":[{"name":"a","input_schema":{"type":"object"},"parameters":{}}]}""", "tools.0.custom.parameters: Extra inputs are not permitted")]
    [InlineData("""{"tools":[{"name":"a","input_schema":{"type":"object"}},{"name":"a","input_schema":{"type":"object"}}]}""", "tools: Tool names must be unique.")]
    [InlineData("""{"tool_choice":{"type":"auto"}}""", "tool_choice: tool_choice may only be specified while providing tools.")]
    [InlineData("""{"messages":[{"role":"assistant","content":"x"}]}""", "messages: first message must use the \"user\" role")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"system","content":"y"}]}""", "messages: Unexpected role \"system\".")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages: Unexpected role \"tool\".")]
    [InlineData("""{"messages":[{"role":"user","content":"x","name":"y"}]}""", "messages.0.name: Extra inputs are not permitted")]
    [InlineData("""{"messages":[{"role":"user","content":[]}]}""", "messages.0: all messages must have non-empty content")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""", "messages: text content blocks must be non-empty")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}""", "messages.0.content.0: Input tag 'image_url'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"%"}}]}]}""", "messages.0.content.0.image.source.base64.data: Invalid base64 data")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y "}]}""", "messages: final assistant content cannot end with trailing whitespace")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]}""", "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":"y"}]}""", "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t.")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":1000}}""", "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":2000}}""", "`max_tokens` must be greater than `thinking.budget_tokens`.")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":1024},"temperature":0.5}""", "`temperature` may only be set to 1 when thinking is enabled.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm"}]},{"role":"user","content":"x"}]}""", "messages.1.content.0.thinking.signature: Field required")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"forged"}]},{"role":"user","content":"x"}]}""", "messages.1.content.0: Invalid `signature` in `thinking` block")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"x"}]}""", "messages.1.content.0.thinking.cache_control: Extra inputs are not permitted")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"2h"}}]}]}""", "messages.0.content.0.cache_control.ephemeral.ttl: Input should be '5m' or '1h'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":300}}]}]}""", "messages.0.content.0.cache_control.ephemeral.ttl: Input should be '5m' or '1h'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"permanent"}}]}]}""", "messages.0.content.0.cache_control: Input tag 'permanent'")]
    [InlineData("""{"system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}""", "messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m'")]
    [InlineData("""{"cache_control":{"type":"ephemeral","ttl":"1h"},"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}]}""", "cache_control: the last cacheable block already has a cache_control with a different ttl")]
    public async Task Post_Invalid_Is400InAnthropicsWords(string changes, string message)
    {
        await using var simulator = await StartAsync();

        var (status, reply) = await simulator.PostAsync("/v1/messages", Changed(changes), Headers);
        reply.Text("error", "message").ShouldStartWith(message);
        (status, reply.Text("type"), reply.Text("error", "type")).ShouldBe((400, "error", "invalid_request_error"));
    }

    // What API version 2026-10-21 refuses, 2023-06-01 takes.
    [Theory]
    [InlineData("""{"temperature":1}""", "temperature: ")]
    [InlineData("""{"top_p":0.9}""", "top_p: ")]
    [InlineData("""{"top_k":5}""", "top_k: ")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"}}]},{"role":"user","content":"x"}]}""", "messages.1.content.0: `document`")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","citations":[{"type":"char_location"}]}]}]}""", "messages.0.content.0: `citations`")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"x","citations":[{"type":"char_location"}]}]}]}]}""", "messages.0.content.0: `citations`")]
    public async Task Post_WhatTheNewestVersionRefuses_TheOldOneTakes(string changes, string message)
    {
        await using var simulator = await StartAsync();
        var body = Changed(changes);

        (await simulator.PostAsync("/v1/messages", body.DeepClone(), Headers)).Status.ShouldBe(200);
        var (status, reply) = await simulator.PostAsync("/v1/messages", body, ("x-api-key", "key"), ("anthropic-version", "2026-10-21"));

        status.ShouldBe(400);
        reply.Text("error", "message").ShouldStartWith(message);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","citations":[]},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"d"}}]}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"text","text":"x","citations":[{"type":"char_location"}]}]},{"role":"user","content":"x"}]}""")]
    public async Task Post_NewestVersionWithoutWhatItRefuses_IsServed(string changes)
    {
        await using var simulator = await StartAsync();
        (await simulator.PostAsync("/v1/messages", Changed(changes), ("x-api-key", "key"), ("anthropic-version", "2026-10-21"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("claude-opus-5-5", """{"thinking":{"type":"disabled"}}""", "\"thinking.type.disabled\" is not supported for this model.")]
    [InlineData("claude-opus-5", """{"thinking":{"type":"disabled"}}""", null)]
    [InlineData("claude-opus-4-8", """{"thinking":{"type":"enabled","budget_tokens":1024}}""", "\"thinking.type.enabled\" is not supported for this model.")]
    [InlineData("claude-sonnet-4-6", """{"thinking":{"type":"enabled","budget_tokens":1024}}""", null)]
    [InlineData("claude-sonnet-4-5", """{"thinking":{"type":"adaptive"}}""", "thinking: adaptive is not supported")]
    [InlineData("claude-sonnet-5-5", """{"thinking":{"type":"between_tools"}}""", null)]
    [InlineData("claude-opus-5-5", """{"thinking":{"type":"between_tools"}}""", "thinking: between_tools is not supported")]
    [InlineData("claude-sonnet-5-5", """{"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"}}""", "tool_choice: ")]
    [InlineData("claude-fable-5-1", """{"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"f"}}""", "tool_choice: ")]
    [InlineData("claude-opus-5", """{"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"}}""", null)]
    [InlineData("claude-opus-4-6", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"{"}]}""", "This model does not support assistant message prefill.")]
    [InlineData("claude-sonnet-4-5", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"{"}]}""", null)]
    [InlineData("claude-opus-4-7", """{"temperature":0.5}""", "temperature: ")]
    [InlineData("claude-opus-4-6", """{"temperature":0.5}""", null)]
    public async Task Post_WhatOnlySomeModelsTake_IsRefusedByTheOthers(string model, string changes, string? message)
    {
        await using var simulator = await StartAsync();
        var body = Changed(changes);
        body["model"] = model;

        var (status, reply) = await simulator.PostAsync("/v1/messages", body, Headers);

        status.ShouldBe(message is null ? 200 : 400, reply.ToString());
        if (message is not null)
        {
            reply.Text("error", "message").ShouldStartWith(message);
        }
    }

    [Theory]
    [InlineData(4, 200)]
    [InlineData(5, 400)]
    public async Task Post_FifthBreakpoint_IsRefused(int markers, int expected)
    {
        await using var simulator = await StartAsync();
        JsonNode[] blocks = [.. Enumerable.Range(0, markers).Select(i => Block($"block{i}", ""))];
        var (status, reply) = await simulator.PostAsync("/v1/messages", Request([Block("x")], Message("user", blocks)), Headers);
        status.ShouldBe(expected);
        if (expected == 400)
        {
            reply.Text("error", "message").ShouldBe("A maximum of 4 blocks with cache_control may be provided. Found 5.");
        }
    }

    [Fact]
    public async Task Post_AutomaticBesideFour_IsRefused()
    {
        await using var simulator = await StartAsync();
        JsonNode[] blocks = [.. Enumerable.Range(0, 4).Select(i => Block($"block{i}", "")), Block("last")];
        var body = Request([Block("x")], Message("user", blocks));
        body["cache_control"] = Marker("");
        (await simulator.PostAsync("/v1/messages", body, Headers)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("x-api-key", 401, "x-api-key header is required")]
    [InlineData("anthropic-version", 400, "anthropic-version: header is required")]
    public async Task Post_HeaderMissing_IsRefused(string missing, int expected, string message)
    {
        await using var simulator = await StartAsync();
        var (status, reply) = await simulator.PostAsync("/v1/messages", JsonNode.Parse(Plain)!, [.. Headers.Where(h => h.Item1 != missing)]);
        (status, reply.Text("error", "message")).ShouldBe((expected, message));
    }

    [Theory]
    [InlineData("429", "rate_limit_error")]
    [InlineData("529", "overloaded_error")]
    [InlineData("500", "api_error")]
    public async Task Post_ErrorAskedFor_IsInAnthropicsShape(string error, string type)
    {
        await using var simulator = await StartAsync();
        var (status, reply) = await simulator.PostAsync("/v1/messages", JsonNode.Parse(Plain)!, [.. Headers, ("x-sim-error", error)]);
        ($"{status}", reply.Text("error", "type")).ShouldBe((error, type));
    }

    [Fact]
    public async Task Post_ToolLoopWithoutItsThinking_IsRefused()
    {
        await using var simulator = await StartAsync();
        var body = JsonNode.Parse("""
            {"model":"claude-sonnet-4-5","max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":1024},"tools":[{"name":"f","input_schema":{"type":"object"}}],
             "messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"y"}]}]}
            """)!;
        var (status, reply) = await simulator.PostAsync("/v1/messages", body, Headers);
        status.ShouldBe(400);
        reply.Text("error", "message").ShouldStartWith("messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.");
    }

    private static JsonObject Changed(string changes)
    {
        var body = JsonNode.Parse(Plain)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            body.Remove(name);
            if (value is not null)
            {
                body[name] = value.DeepClone();
            }
        }

        return body;
    }
}
