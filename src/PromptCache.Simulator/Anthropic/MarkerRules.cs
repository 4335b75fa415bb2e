using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Where markers may stand, how many, and in which order.</summary>
internal static class MarkerRules
{
    private const int Most = 4;

    public static IEnumerable<string> Problems(JsonElement root)
    {
        var markers = Markers.Find(root);
        var automatic = root.Member("cache_control");
        foreach (var marker in markers)
        {
            foreach (var problem in Control(marker.Control, $"{marker.Path}.cache_control"))
            {
                yield return problem;
            }

            if (marker.Block.Text("type") == "text" && marker.Block.Text("text") is "")
            {
                yield return $"{marker.Path}.text: cache_control cannot be set for empty text blocks";
            }
        }

        foreach (var problem in automatic.IsMissing() ? [] : Control(automatic, "cache_control"))
        {
            yield return problem;
        }

        if (markers.Count > Most)
        {
            yield return $"A maximum of {Most} blocks with cache_control may be provided. Found {markers.Count}.";
        }

        for (var i = 1; i < markers.Count; i++)
        {
            if (Markers.Ttl(markers[i].Control) > Markers.Ttl(markers[i - 1].Control))
            {
                yield return $"{markers[i].Path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.";
            }
        }

        foreach (var problem in automatic.Is(JsonValueKind.Object) ? Automatic(root, automatic, markers) : [])
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Control(JsonElement control, string path)
    {
        if (control.Text("type") != "ephemeral")
        {
            yield return $"{path}: Input tag '{control.Text("type")}' found using 'type' does not match any of the expected tags: 'ephemeral'";
        }

        if (!control.Member("ttl").IsMissing() && control.Text("ttl") is not ("5m" or "1h"))
        {
            yield return $"{path}.ephemeral.ttl: Input should be '5m' or '1h'";
        }

        foreach (var extra in AnthropicFields.Extra("cache_control", control, path + ".ephemeral"))
        {
            yield return extra;
        }
    }

    private static IEnumerable<string> Automatic(JsonElement root, JsonElement automatic, IReadOnlyList<Marker> markers)
    {
        var last = AutomaticBreakpoint.Unit(root);
        var onLast = markers.FirstOrDefault(m => m.Unit == last);
        if (onLast is not null && Markers.Ttl(onLast.Control) != Markers.Ttl(automatic))
        {
            yield return "cache_control: the last cacheable block already has a cache_control with a different ttl";
        }

        if (onLast is null && markers.Count >= Most)
        {
            yield return $"A maximum of {Most} blocks with cache_control may be provided. Found {markers.Count + 1}.";
        }

        if (onLast is null && markers.Count > 0 && Markers.Ttl(automatic) > Markers.Ttl(markers[^1].Control))
        {
            yield return "cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.";
        }
    }
}
