using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace PromptCache.Gateway.Configuration;

/// <summary>Binds a configuration section to an options type and collects every error instead of stopping at the first: unknown keys, wrong types, values out of range.</summary>
/// <remarks>The framework's binder throws at the first wrong value and passes over misspelt keys in silence; in front of money a typo has to be heard.</remarks>
internal sealed class StrictBinder(List<string> errors)
{
    public void Bind(IConfigurationSection section, object target)
    {
        var properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            if (properties.FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                errors.Add($"{child.Path}: unknown key; {section.Path} takes {string.Join(", ", properties.Select(p => p.Name))}");
                continue;
            }

            if (Read(child, property.PropertyType, property.GetValue(target)) is { } value)
            {
                property.SetValue(target, value);
            }
        }

        foreach (var property in properties)
        {
            Check(section.Path, property, property.GetValue(target));
        }
    }

    private void Check(string path, PropertyInfo property, object? value)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (!rule.IsValid(value))
            {
                errors.Add($"{path}:{property.Name}: {(rule.ErrorMessage is { } own ? own : rule.FormatErrorMessage(property.Name))}");
            }
        }
    }

    private object? Read(IConfigurationSection section, Type type, object? current)
    {
        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            if (!string.IsNullOrEmpty(section.Value))
            {
                errors.Add($"{section.Path}: expected an object");
            }

            var dictionary = (IDictionary)current!;
            foreach (var child in section.GetChildren())
            {
                if (Read(child, type.GenericTypeArguments[1], current: null) is { } item)
                {
                    dictionary[child.Key] = item;
                }
            }

            return dictionary;
        }

        if (typeof(IList).IsAssignableFrom(type))
        {
            var list = (IList)Activator.CreateInstance(type)!;
            if (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any(c => !c.Key.All(char.IsAsciiDigit)))
            {
                errors.Add($"{section.Path}: expected a list");
                return null;
            }

            foreach (var child in section.GetChildren())
            {
                if (Read(child, type.GenericTypeArguments[0], current: null) is { } item)
                {
                    list.Add(item);
                }
            }

            return list;
        }

        return Scalar(section, Nullable.GetUnderlyingType(type) ?? type, current);
    }

    private object? Scalar(IConfigurationSection section, Type type, object? current)
    {
        if (type.IsClass && type != typeof(string))
        {
            if (!string.IsNullOrEmpty(section.Value))
            {
                errors.Add($"{section.Path}: expected an object");
                return null;
            }

            var target = current ?? Activator.CreateInstance(type)!;
            Bind(section, target);
            return target;
        }

        if (section.Value is not { } text)
        {
            if (section.GetChildren().Any())
            {
                errors.Add($"{section.Path}: expected {Describe(type)}");
            }

            return null;
        }

        var value = Parse(text, type);
        if (value is null)
        {
            errors.Add($"{section.Path}: '{text}' is not {Describe(type)}");
        }

        return value;
    }

    private static object? Parse(string text, Type type)
    {
        if (type == typeof(string))
        {
            return text;
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, text, ignoreCase: true, out var member) && Enum.IsDefined(type, member!) && !char.IsAsciiDigit(text[0]) ? member : null;
        }

        if (type == typeof(TimeSpan))
        {
            return Durations.TryParse(text, out var duration) ? duration : null;
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? flag : null;
        }

        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        if (type == typeof(long))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }

    private static string Describe(Type type) => type switch
    {
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type).Select(n => n.ToLowerInvariant())),
        _ when type == typeof(TimeSpan) => "a duration (\"300ms\", \"5m\", \"1h\" or seconds)",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(decimal) => "a number",
        _ => "a whole number",
    };
}
