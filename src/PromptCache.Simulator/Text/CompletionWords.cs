using System.Collections.Immutable;
using System.Text;
using PromptCache.Core.Tokens;

namespace PromptCache.Simulator.Text;

/// <summary>Text of an exact number of tokens: words that are one token each, so that their sum is the text's count.</summary>
internal sealed class CompletionWords
{
    private const string Candidates =
        "the of and to in is that for it as was with be by on not he his but at are this have an had they you were their one all we can her has there been if more when will would who so no out up said what its about than into them only other new some could time these two may then do first any my now such like our over man me even most made after also did many before must through back years where much your way well down should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since against go came right used take three";

    private readonly ImmutableArray<string> _words;
    private readonly string _opening;

    public CompletionWords(ITokenizer tokenizer)
    {
        var words = Candidates.Split(' ');
        _words = [.. words.Select(w => " " + w).Where(w => IsOneToken(tokenizer, w))];
        _opening = words.FirstOrDefault(w => IsOneToken(tokenizer, w)) ?? "";
        if (_words is [] || _opening is "")
        {
            throw new ArgumentException($"The encoding '{tokenizer.Name}' has no word of one token, so no text of an exact length can be made.", nameof(tokenizer));
        }
    }

    /// <summary>The words of a text of <paramref name="tokens"/> tokens; the same seed gives the same words.</summary>
    public IEnumerable<string> Take(int tokens, UInt128 seed)
    {
        var state = (ulong)seed | 1;
        for (var i = 0; i < tokens; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            yield return i == 0 ? _opening : _words[(int)((state >> 33) % (ulong)_words.Length)];
        }
    }

    private static bool IsOneToken(ITokenizer tokenizer, string word) => tokenizer.Count(Encoding.UTF8.GetBytes(word)) == 1;
}
