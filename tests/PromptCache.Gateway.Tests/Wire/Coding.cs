using System.IO.Compression;
using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Wire;

/// <summary>Upstreams that compress.</summary>
internal static class Coding
{
    /// <summary>A stream that encodes what is written to it, by the words of a Content-Encoding header.</summary>
    public static Stream Encoder(string codings, Stream output)
    {
        // The last one named is the outermost.
        foreach (var coding in codings.Split(',', StringSplitOptions.TrimEntries).Reverse())
        {
            output = coding.ToLowerInvariant() switch
            {
                "br" => new BrotliStream(output, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(output, CompressionLevel.Fastest),
                "identity" => output,
                _ => new GZipStream(output, CompressionLevel.Fastest),
            };
        }

        return output;
    }

    public static byte[] Encode(string codings, string text)
    {
        using var output = new MemoryStream();
        using (var encoder = Encoder(codings, output))
        {
            encoder.Write(Encoding.UTF8.GetBytes(text));
        }

        return output.ToArray();
    }

    /// <summary>An upstream that answers with these bytes, and says how they are encoded.</summary>
    public static Task<ScriptedUpstream> UpstreamAsync(string codings, byte[] body, string type = "application/json", int status = 200) => ScriptedUpstream.StartAsync(async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.ContentEncoding = codings;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    });
}
