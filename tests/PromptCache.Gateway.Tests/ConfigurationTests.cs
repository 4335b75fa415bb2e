using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>What a configuration may say, and what is told about one that is wrong.</summary>
public sealed class ConfigurationTests
{
    private const string Provider = """ "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none" } } """;
    private const string Digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    [Theory]
    [InlineData("\"300ms\"", 0.3)]
    [InlineData("\"90s\"", 90)]
    [InlineData("\"5m\"", 300)]
    [InlineData("\"1.5h\"", 5400)]
    [InlineData("\"1d\"", 86400)]
    [InlineData("\"300\"", 300)]
    [InlineData("300", 300)]
    [InlineData("0.5", 0.5)]
    public void Durations_EverySpelling_IsRead(string text, double seconds)
    {
        var model = Valid($$""" "CachePolicies": { "mine": { "Extends": "electron", "Ttl": {{text}} } }, "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "CachePolicy": "mine" } } """);
        model.Providers["up"].CachePolicy.Ttl.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("\"5 minutes\"")]
    [InlineData("\"-5m\"")]
    [InlineData("-5")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"1e300\"")]
    [InlineData("\"99999d\"")]
    [InlineData("\"m\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("{ \"a\": 1 }")]
    public void Durations_Nonsense_IsAnErrorWithItsPath(string text)
        => Errors($$""" "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "Timeout": {{text}} } } """).ShouldHaveSingleItem().ShouldStartWith("PromptCache:Providers:up:Timeout");

    [Fact]
    public void Read_CommentsAndTrailingCommas_AreFine()
        => Valid("// hello\n" + Provider + ", /* and */ \"DefaultProvider\": \"up\",").DefaultProvider!.Name.ShouldBe("up");

    [Fact]
    public void Read_EverythingWrong_TellsAllErrorsAtOnceWithTheirPaths()
    {
        var errors = Errors($$"""
            "Stoer": {}, "Store": { "TimeoutMs": 0, "MaxBytes": "much", "Secret": "short" },
            "Providers": {
              "a": { "Protocol": "soap", "BaseUrl": "ftp://x", "Colour": 1 },
              "b": { "BaseUrl": "http://x/v1", "BaseUrls": ["http://y/v1"], "CachePolicy": "nope", "Usage": "sometimes", "Breakpoints": "2" },
              "c": { "BaseUrl": "http://x/v1", "Preset": "nope", "Tokenizer": "p50k_base", "Timeout": "2h", "Headers": { "bad name": "x", "x-good": "env:PROMPTCACHE_NOT_SET" } },
              "d": { },
              "e/f": { "BaseUrl": "http://user:word@x/v1" },
              "g": 7 },
            "Models": [ { "Providers": ["nobody"] }, { "Match": "x", "Providers": [] }, "text" ],
            "DefaultProvider": "nobody",
            "Prices": { "Model": "x" },
            "CachePolicies": { "mine": { "Extends": "nope" }, "other": { "Mode": "magic", "MinTokens": 1.5 } },
            "Limits": { "MaxBodyBytes": 1, "DrainSeconds": -1 },
            "Admin": { "Key": "env:PROMPTCACHE_NOT_SET" }, "Log": { "Format": "xml" }
            """);

        foreach (var path in (string[])[
            "Stoer: unknown key", "Store:TimeoutMs", "Store:MaxBytes", "Store:Secret: must have at least 32",
            "Providers:a:Protocol", "Providers:a:BaseUrl", "Providers:a:Colour: unknown key",
            "Providers:b: BaseUrl and BaseUrls exclude", "Providers:b:CachePolicy", "Providers:b:Usage", "Providers:b:Breakpoints",
            "Providers:c:Preset", "Providers:c:Tokenizer", "Providers:c:Timeout", "Providers:c:Headers:bad name", "Providers:c:Headers:x-good",
            "Providers:d:BaseUrl: missing", "Providers:e/f: a provider's name", "Providers:e/f:BaseUrl", "Providers:g: expected an object",
            "Models:0:Match", "Models:0:Providers: there is no provider 'nobody'", "Models:1:Providers: names no provider", "Models:2: expected an object",
            "DefaultProvider: there is no provider 'nobody'", "Prices: expected a list",
            "CachePolicies:mine:Extends", "CachePolicies:other:Mode", "CachePolicies:other:MinTokens",
            "Limits:MaxBodyBytes", "Limits:DrainSeconds", "Admin:Key", "Log:Format"])
        {
            errors.ShouldContain(e => e.StartsWith("PromptCache:" + path), path);
        }
    }

    [Theory]
    [InlineData(null, "required with Redis")]
    [InlineData("env:PROMPTCACHE_NOT_SET", "PROMPTCACHE_NOT_SET is not set")]
    [InlineData("", "required with Redis")]
    [InlineData("only-31-characters-0123456789ab", "at least 32 characters")]
    public void Secret_MissingOrShortWithRedis_IsAnErrorThatSaysHowToMakeOne(string? secret, string what)
    {
        var error = Errors($$""" "Store": { "Redis": "127.0.0.1:6379" {{(secret is null ? "" : $", \"Secret\": \"{secret}\"")}} }, {{Provider}} """).ShouldHaveSingleItem();
        error.ShouldStartWith("PromptCache:Store:Secret: ");
        error.ShouldContain(what);
        if (secret?.StartsWith("env:", StringComparison.Ordinal) is not true)
        {
            error.ShouldContain("openssl rand -hex 32");
        }
    }

    [Theory]
    [InlineData("127.0.0.1:6379,unknownOption=hunter2")]
    [InlineData("127.0.0.1:6379,ssl=perhaps")]
    [InlineData("password=hunter2")]
    [InlineData("env:PROMPTCACHE_NOT_SET")]
    public void Redis_ConnectionStringThatCannotBeRead_IsAnErrorAndNotQuoted(string connection)
    {
        var error = Errors($$""" "Store": { "Redis": "{{connection}}", "Secret": "0123456789abcdef0123456789abcdef" }, {{Provider}} """).ShouldHaveSingleItem();
        error.ShouldStartWith("PromptCache:Store:Redis: ");
        error.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("ABCDEF")]
    [InlineData("2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B")]
    [InlineData("")]
    public void Tenants_DigestInAnotherForm_IsAnError(string digest)
        => Errors($$""" "Tenants": [ { "Name": "acme", "KeySha256": "{{digest}}" } ], {{Provider}} """).ShouldHaveSingleItem().ShouldStartWith("PromptCache:Tenants:0:KeySha256");

    [Theory]
    [InlineData("")]
    [InlineData(", \"ApiKey\": \"\"")]
    [InlineData(", \"ApiKey\": \"env:PROMPTCACHE_NOT_SET\"")]
    public void Tenants_ProviderWithoutAKey_IsAnError(string key)
        => Errors($$""" "Tenants": [ { "Name": "acme", "KeySha256": "{{Digest}}" } ], "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1" {{key}} } } """)
            .ShouldHaveSingleItem().ShouldStartWith("PromptCache:Providers:up:ApiKey");

    [Fact]
    public void Tenants_OneKeyOfTwo_IsAnErrorAndTwoKeysOfOneAreNot()
    {
        var other = Digest.Replace('2', '3');
        Errors($$""" "Tenants": [ { "Name": "a", "KeySha256": "{{Digest}}" }, { "Name": "b", "KeySha256": "{{Digest}}" } ], {{Provider}} """).ShouldHaveSingleItem().ShouldStartWith("PromptCache:Tenants:1");
        Valid($$""" "Tenants": [ { "Name": "a", "KeySha256": "{{Digest}}" }, { "Name": "a", "KeySha256": "{{other}}" } ], {{Provider}} """).Tenants.Count.ShouldBe(2);
    }

    [Fact]
    public void ApiKey_VariableNotSetWithoutTenants_IsNoErrorUntilTheProviderIsUsed()
        => Valid(""" "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "env:PROMPTCACHE_NOT_SET" } } """).Providers["up"].KeyMode.ShouldBe(KeyMode.Missing);

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1", true)]
    [InlineData("http://127.0.0.1:8080", "http://localhost:8080", true)]
    [InlineData("http://localhost:8080", "http://127.0.0.1:8080/v1", true)]
    [InlineData("http://0.0.0.0:8080;http://127.0.0.1:9090", "http://127.0.0.1:8080/v1", true)]
    [InlineData("http://*:8080", "http://localhost:8080/v1", true)]
    [InlineData("http://[::]:8080", "http://[::1]:8080/v1", true)]
    [InlineData("http://gateway.internal:8080", "http://gateway.internal:8080/v1", false)]      // bound to every address, and what the name means is not known here
    [InlineData("http://10.1.2.3:8080", "http://10.1.2.3:8080/v1", true)]
    [InlineData("http://10.1.2.3:8080", "http://127.0.0.1:8080/v1", false)]                     // an engine beside it
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:9000/v1", false)]
    [InlineData("http://127.0.0.1:8080", "http://10.1.2.3:8080/v1", false)]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0/v1", false)]
    [InlineData("nonsense", "http://127.0.0.1:8080/v1", false)]
    public void BaseUrl_OfTheGatewayItself_IsAnError(string urls, string baseUrl, bool isItself)
    {
        var errors = new ConfigurationFile(path: null, $$"""{ "PromptCache": { "Providers": { "up": { "BaseUrl": "{{baseUrl}}" } } } }""", new OwnAddresses(urls)).Read().Errors;

        errors.Count.ShouldBe(isItself ? 1 : 0);
        errors.ShouldAllBe(e => e.StartsWith("PromptCache:Providers:up:BaseUrl: ", StringComparison.Ordinal) && e.Contains("this gateway itself", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sk-with a\\nline")]
    [InlineData("sk-schl\u00fcssel")]
    public void ApiKey_ThatNoHeaderCanCarry_IsAnErrorThatDoesNotQuoteIt(string key)
    {
        var error = Errors($$""" "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "{{key}}" } } """).ShouldHaveSingleItem();
        error.ShouldStartWith("PromptCache:Providers:up:ApiKey: ");
        error.ShouldNotContain("sk-");
    }

    [Theory]
    [InlineData("{ \"Providers\": {} }", "Providers: unknown key; everything stands below PromptCache")]
    [InlineData("{ \"PromptCache\": { \"Store\": { \"Secret\": \"sk-hidden\" }", "not valid JSON")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    public void Read_NotOurShape_IsAnErrorThatQuotesNothing(string text, string what)
    {
        var errors = new ConfigurationFile(path: null, text).Read().Errors;
        errors.ShouldNotBeEmpty();
        errors.ShouldContain(e => e.Contains(what));
        errors.ShouldAllBe(e => !e.Contains("sk-hidden"));
    }

    [Fact]
    public void Read_ExampleWithAnythingInPlaceOfAnything_NeverThrows()
    {
        var example = File.ReadAllText(Path.Combine(Deploy, "promptcache.example.json"));
        var lenient = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        string[] values = ["null", "true", "-1", "1e400", "0.5", "99999999999999999999", "\"\"", "\" \"", "\"env:\"", "\"env:PROMPTCACHE_NOT_SET\"", "\"\\u0000\"", "\"*\"", "\"http://\"", "\"a/b\"", "[]", "{}", "[[]]", "[null]", "{\"\":{}}", "{\"0\":\"x\"}"];
        var (reads, accepted) = (0, 0);
        var places = Places(JsonNode.Parse(example, documentOptions: lenient)!).Count();
        for (var place = 0; place < places; place++)
        {
            foreach (var value in values)
            {
                var root = JsonNode.Parse(example, documentOptions: lenient)!;
                Places(root).ElementAt(place)(JsonNode.Parse(value));
                var (model, errors) = new ConfigurationFile(path: null, root.ToJsonString()).Read();
                (model is null).ShouldBe(errors.Count > 0, root.ToJsonString());
                reads++;
                accepted += model is null ? 0 : 1;
            }
        }

        accepted.ShouldBeInRange(1, reads - 1);
    }

    // Everything that stands somewhere, as what puts another value there.
    private static IEnumerable<Action<JsonNode?>> Places(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToArray())
                {
                    yield return other => members[name] = other;
                    foreach (var place in value is null ? [] : Places(value))
                    {
                        yield return place;
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var index = i;
                    yield return other => items[index] = other;
                    foreach (var place in items[index] is { } item ? Places(item) : [])
                    {
                        yield return place;
                    }
                }

                break;
        }
    }

    [Fact]
    public void Read_FileMissing_IsAnError()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".json");
        new ConfigurationFile(path).Read().Errors.ShouldHaveSingleItem().ShouldContain(path);
    }

    [Fact]
    public async Task Serve_InvalidConfiguration_ExitsWith1AndAllErrorsOnStandardError()
    {
        using var folder = new ConfigFolder("""{ "PromptCache": { "Providers": { "up": { "BaseUrl": "nowhere", "CachePolicy": "nope" } } } }""");
        var (code, output, error) = await GatewayProcess.RunAsync(["serve", "--config", folder.FileName]);

        code.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldContain("PromptCache:Providers:up:BaseUrl");
        error.ShouldContain("PromptCache:Providers:up:CachePolicy");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Serve_EnvironmentOverAFile_Wins()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("{}");
        using var folder = new ConfigFolder("""
            { "PromptCache": {
                "Providers": { "openai": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "sk-file" } },
                "Models": [ { "Match": "gpt-*", "Providers": ["openai"] }, { "Match": "fast", "Providers": ["openai"], "Model": "of-the-file" } ] } }
            """);
        await using var gateway = await GatewayProcess.ServeAsync(
            folder.FileName,
            ("PromptCache__Providers__openai__ApiKey", "env:MY_OWN_NAME"), ("MY_OWN_NAME", "sk-environment\n"), ("PromptCache__Providers__openai__BaseUrl", upstream.BaseUrl),
            ("PromptCache__Providers__openai__Headers__x-team", "blue"), ("PromptCache__Models__1__Model", "of-the-environment"),
            ("PromptCache__Models__2__Match", "new"), ("PromptCache__Models__2__Providers__0", "openai"), ("PromptCache__Models__2__Model", "all-new"));

        await ChatAsync(gateway, "gpt-5");
        await ChatAsync(gateway, "fast");
        await ChatAsync(gateway, "new");

        upstream.Requests.ShouldAllBe(r => r.Headers.Authorization.ToString() == "Bearer sk-environment" && r.Headers["x-team"].ToString() == "blue");
        upstream.Requests.Select(r => Bodies.Json(System.Text.Encoding.UTF8.GetString(r.Body)).GetProperty("model").GetString()).ShouldBe(["gpt-5", "of-the-environment", "all-new"]);
    }

    [Fact]
    public void Conventions_BaseUrlThatTellsClientsOfTheGateway_IsNotTheProviders()
    {
        const string Variable = "GROQ_BASE_URL";
        Environment.SetEnvironmentVariable(Variable, "http://127.0.0.1:8080/openai/v1");
        Environment.SetEnvironmentVariable("GROQ_API_KEY", "sk-groq");
        try
        {
            UrlOf("http://127.0.0.1:8080").ShouldBe("https://api.groq.com/openai/v1");
            UrlOf("http://127.0.0.1:9090").ShouldBe("http://127.0.0.1:8080/openai/v1");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Environment.SetEnvironmentVariable("GROQ_API_KEY", null);
        }

        static string UrlOf(string urls) => new ConfigurationFile(path: null, "{}", new OwnAddresses(urls)).Read().Model.ShouldNotBeNull().Providers["groq"].Destinations[0].BaseUrl.AbsoluteUri;
    }

    [Fact]
    public async Task Serve_TenantsAndNoProviders_TakesThoseThatHaveAKey()
    {
        await using var deepseek = await ScriptedUpstream.WithJsonAsync("{}");
        using var folder = new ConfigFolder($$"""{ "PromptCache": { "Tenants": [ { "Name": "acme", "KeySha256": "{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("sk-acme"u8))}}" } ] } }""");
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName, ("DEEPSEEK_BASE_URL", deepseek.BaseUrl), ("DEEPSEEK_API_KEY", "sk-deepseek"));

        await ChatAsync(gateway, "deepseek-chat", "sk-acme");

        deepseek.Requests.ShouldHaveSingleItem().Headers.Authorization.ToString().ShouldBe("Bearer sk-deepseek");
    }

    [Fact]
    public async Task Serve_NoProviders_TakesThemAndTheirModelsFromTheConventionalVariables()
    {
        await using var openai = await ScriptedUpstream.WithJsonAsync("{}");
        await using var deepseek = await ScriptedUpstream.WithJsonAsync("{}");
        using var folder = new ConfigFolder("{}");
        await using var gateway = await GatewayProcess.ServeAsync(
            folder.FileName, ("OPENAI_BASE_URL", openai.BaseUrl), ("DEEPSEEK_BASE_URL", deepseek.BaseUrl), ("DEEPSEEK_API_KEY", "sk-deepseek"));

        await ChatAsync(gateway, "gpt-5", "sk-clients");
        await ChatAsync(gateway, "deepseek-chat", "sk-clients");
        await ChatAsync(gateway, "unheard-of", "sk-clients");

        openai.Requests.Select(r => r.Headers.Authorization.ToString()).ShouldBe(["Bearer sk-clients", "Bearer sk-clients"]);
        deepseek.Requests.ShouldHaveSingleItem().Headers.Authorization.ToString().ShouldBe("Bearer sk-deepseek");
    }

    [Fact]
    public async Task Example_AsItShips_IsValid()
    {
        await using var gateway = await GatewayProcess.ServeAsync(
            Path.Combine(Deploy, "promptcache.example.json"),
            ("PROMPTCACHE_SECRET", "0123456789abcdef0123456789abcdef"), ("OPENAI_API_KEY", "a"), ("ANTHROPIC_API_KEY", "b"), ("GEMINI_API_KEY", "c"));
        (await gateway.Client.GetAsync("/healthz", TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public void Schema_AndOptions_HaveTheSameKeys()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Deploy, "promptcache.schema.json")));
        Compare(schema.RootElement.GetProperty("properties").GetProperty("PromptCache"), typeof(PromptCacheOptions), "PromptCache");
    }

    private static string Deploy => Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "deploy");

    private static void Compare(JsonElement schema, Type type, string path)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse(path);
        var keys = schema.GetProperty("properties");
        keys.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).ShouldBe(properties.Select(p => p.Name).Order(StringComparer.Ordinal), path);
        foreach (var property in properties)
        {
            var (inner, below) = (property.PropertyType, keys.GetProperty(property.Name));
            if (typeof(IDictionary).IsAssignableFrom(inner))
            {
                (inner, below) = (inner.GenericTypeArguments[1], below.GetProperty("additionalProperties"));
            }
            else if (typeof(IList).IsAssignableFrom(inner))
            {
                (inner, below) = (inner.GenericTypeArguments[0], below.GetProperty("items"));
            }

            if (inner.IsClass && inner != typeof(string))
            {
                Compare(below, inner, $"{path}:{property.Name}");
            }

            if ((Nullable.GetUnderlyingType(inner) ?? inner) is { IsEnum: true } choice)
            {
                below.GetProperty("enum").EnumerateArray().Select(e => e.GetString()!.ToLowerInvariant()).Order(StringComparer.Ordinal)
                    .ShouldBe(Enum.GetNames(choice).Select(n => n.ToLowerInvariant()).Order(StringComparer.Ordinal), $"{path}:{property.Name}");
            }
        }
    }

    private static GatewayModel Valid(string section)
    {
        var (model, errors) = Read(section);
        errors.ShouldBeEmpty();
        return model.ShouldNotBeNull();
    }

    private static IReadOnlyList<string> Errors(string section)
    {
        var (model, errors) = Read(section);
        model.ShouldBeNull();
        return errors;
    }

    private static (GatewayModel? Model, IReadOnlyList<string> Errors) Read(string section) => new ConfigurationFile(path: null, $$"""{ "PromptCache": { {{section}} } }""").Read();

    private static async Task ChatAsync(GatewayProcess gateway, string model, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Bodies.Chat(model, stream: false, ("user", "Hello."))) };
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue();
    }
}
