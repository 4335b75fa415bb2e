#:project ../../src/PromptCache.Core/PromptCache.Core.csproj
#:property PublishAot=false
#:property NoWarn=$(NoWarn);CS1591;MA0048

// Makes the price book that the project ships, src/PromptCache.Core/Pricing/prices.jsonl:
//
//   dotnet run eng/prices/build.cs -- LITELLM_JSON AS_OF [OUTPUT]
//
// LITELLM_JSON is https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json (MIT), AS_OF its
// day (2026-08-01). What it lacks or has wrong stands in overlay.jsonl, beside this file. The same input gives the same bytes.
using System.Globalization;
using PromptCache.Core.Pricing;

if (args.Length is not (2 or 3) || !DateOnly.TryParseExact(args[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asOf))
{
    Console.Error.WriteLine("usage: dotnet run eng/prices/build.cs -- LITELLM_JSON AS_OF [OUTPUT]");
    return 2;
}

var here = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var output = args.Length == 3 ? args[2] : Path.Combine(here, "../../src/PromptCache.Core/Pricing/prices.jsonl");
using var liteLlm = File.OpenRead(args[0]);
using var overlay = File.OpenRead(Path.Combine(here, "overlay.jsonl"));
var problems = PriceCommands.Build(liteLlm, overlay, asOf, out var file);
foreach (var problem in problems)
{
    Console.Error.WriteLine(problem);
}

if (file is null)
{
    return 1;
}

File.WriteAllBytes(output, file);
Console.WriteLine($"{Path.GetFullPath(output)}: {file.Length} bytes");
return 0;
