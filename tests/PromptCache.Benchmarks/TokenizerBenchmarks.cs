using System.Text;
using BenchmarkDotNet.Attributes;
using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;

namespace PromptCache.Benchmarks;

/// <summary>Counting 256 kB of text on one core. MB/s = 0.262 / seconds.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private byte[] _text = [];
    private ITokenizer? _tokenizer;

    [Params("o200k_base", "cl100k_base")]
    public string Encoding { get; set; } = "";

    [Params(TextKind.English, TextKind.Code, TextKind.Json, TextKind.Chinese, TextKind.OneLetter)]
    public TextKind Text { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _tokenizer = new TokenizerCatalog().TryGetEncoding(Encoding, out var tokenizer) ? tokenizer : throw new InvalidOperationException(Encoding);
        _text = SampleText.Make(Text, 1 << 18);
    }

    [Benchmark]
    public int Count() => _tokenizer!.Count(_text);
}

/// <summary>What the text is made of.</summary>
public enum TextKind
{
    English,
    Code,
    Json,
    Chinese,
    OneLetter,
}

/// <summary>Text that does not repeat itself by the line: words in an order drawn from a seed.</summary>
internal static class SampleText
{
    private const string English = """
        the of and to in that was his he it with as for had you not be on at by which have or from this him but all she they were my are me one their so an said
        proxy cache request answer prompt provider token invoice Friday measured graphs money nobody somebody already between different something important however
        architecture understanding responsibility internationalization Donaudampfschiff wasn't they'll I've "quoted" (parenthesis) well-known 1984 42 3.14
        """;

    private const string Code = """
        public sealed class|private readonly int _count = 0;|return value?.Length ?? 0;|for (var i = 0; i < items.Count; i++)|{|}|if (span.IsEmpty)|throw new ArgumentException(nameof(value));|
        // why, not what|await using var stream = await OpenAsync(path, cancellationToken);|def process_items(self, items: list[str]) -> dict:|    return {k: v for k, v in pairs}|
        const { data, error } = useQuery(['todos', id], () => fetchTodo(id));|SELECT id, name FROM users WHERE created_at > '2024-01-01' ORDER BY 2 DESC;|0xDEADBEEF|#include <vector>
        """;

    private const string Chinese = "缓存代理把重复的提示前缀记住于是第二次调用便宜得多她说今天气温是我们去公园吧然后大家都笑了臺灣的夜市在晚上十點以後最熱鬧攤販們叫賣著臭豆腐與珍珠奶茶";

    public static byte[] Make(TextKind kind, int bytes)
    {
        var random = new Random(20261121);
        var text = new StringBuilder();
        while (System.Text.Encoding.UTF8.GetByteCount(text.ToString()) < bytes)
        {
            for (var i = 0; i < 4096; i++)
            {
                Append(kind, text, random);
            }
        }

        return System.Text.Encoding.UTF8.GetBytes(text.ToString())[..bytes];
    }

    private static void Append(TextKind kind, StringBuilder text, Random random)
    {
        switch (kind)
        {
            case TextKind.English:
                text.Append(Pick(English.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), random)).Append(random.Next(12) == 0 ? ". " : random.Next(60) == 0 ? "\n\n" : " ");
                break;
            case TextKind.Code:
                text.Append(' ', 4 * random.Next(4)).Append(Pick(Code.Split('|'), random).Trim('\n')).Append('\n');
                break;
            case TextKind.Json:
                text.Append("{\"id\":\"call_").Append(random.Next(int.MaxValue).ToString("x8")).Append("\",\"role\":\"user\",\"content\":\"").Append(Pick(English.Split(' '), random).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\",\"score\":").Append(random.Next(10_000)).Append("},");
                break;
            case TextKind.Chinese:
                text.Append(Chinese[random.Next(Chinese.Length)]).Append(random.Next(10) == 0 ? "，" : random.Next(24) == 0 ? "。" : "");
                break;
            default:
                text.Append('a');
                break;
        }
    }

    private static string Pick(string[] words, Random random) => words[random.Next(words.Length)];
}
