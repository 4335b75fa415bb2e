using PromptCache.Simulator.Hosting;

// --completion-tokens 50 and --completiontokens 50 are the same setting; --urls is the host's.
var settings = new ConfigurationBuilder().AddCommandLine([.. args.Select(SettingName)]).Build();
var builder = WebApplication.CreateBuilder(args);
var options = new SimulatorOptions();
builder.Configuration.GetSection("Simulator").Bind(options);
settings.Bind(options);

// A cut connection is an exception to the server, and here the purpose.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None);
builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
var app = builder.Build();
app.MapSimulator(options);
await app.RunAsync();

static string SettingName(string argument)
{
    var end = argument.IndexOf('=');
    var name = end < 0 ? argument : argument[..end];
    return name.StartsWith("--", StringComparison.Ordinal) ? "--" + name[2..].Replace("-", "", StringComparison.Ordinal) + argument[name.Length..] : argument;
}
