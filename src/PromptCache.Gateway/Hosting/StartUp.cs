using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PromptCache.Core.Tokens;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Telemetry;

namespace PromptCache.Gateway.Hosting;

/// <summary>What happens around start and stop: vocabularies are warmed, an open gateway is warned of, SIGHUP reloads.</summary>
internal sealed class StartUp(
    GatewayModelSource configuration,
    PrefixEngineSource engines,
    ITokenizerCatalog tokenizers,
    GatewayMetrics metrics,
    MetricsPipeline pipeline,
    TracePipeline traces,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<GatewayModelSource> logger) : IHostedService, IDisposable
{
    /// <summary>How long the start waits for a shared store.</summary>
    private static readonly TimeSpan WarmingTime = TimeSpan.FromSeconds(1);

    private PosixSignalRegistration? _reload;
    private bool _isOpen;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = (pipeline, traces);   // instruments are collected from the first request on
        metrics.ObserveStore(() => engines.Store.State == "serving", () => engines.Store.Guard?.Health.Failures ?? 0);
        lifetime.ApplicationStarted.Register(Started);
        if (!OperatingSystem.IsWindows())
        {
            _reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                configuration.Reload();
            });
        }

        // The first request need not pay for reading the vocabulary.
        _ = Task.Run(() => tokenizers.ForModel("gpt-4o").Tokenizer.Count("warm"u8), cancellationToken);
        return engines.Store.WarmAsync(WarmingTime, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        configuration.Changed -= WarnIfOpen;
        _reload?.Dispose();
    }

    private void Started()
    {
        var model = configuration.Current;
        logger.ConfigurationAccepted(model.Origin, model.Providers.Count, model.Routes.Length);
        WarnIfOpen(model);
        configuration.Changed += WarnIfOpen;
    }

    private void WarnIfOpen(GatewayModel model)
    {
        var wasOpen = _isOpen;
        _isOpen = model.Tenants.Count == 0 && model.Providers.Values.Any(p => p.KeyMode == KeyMode.Own);
        if (wasOpen || !_isOpen)
        {
            return;
        }

        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var url) && !url.IsLoopback && !(IPAddress.TryParse(url.Host, out var ip) && IPAddress.IsLoopback(ip)))
            {
                logger.OpenGateway(address);
            }
        }
    }
}
