using PromptCache.Core.Responses;
using PromptCache.Core.Usage;
using PromptCache.Providers;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Settles a translated stream that broke off by what its provider had reported of the prompt; only what was generated is then counted.</summary>
internal sealed class TranslatedSettler(ISettler settler, IResponseTranslator translator) : ISettler
{
    public ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken)
        => settler.SettleAsync(reported ?? translator.ReportedBeforeEnd, completion, cancellationToken);

    public Settlement? Preview(TokenUsage? reported) => settler.Preview(reported);
}
