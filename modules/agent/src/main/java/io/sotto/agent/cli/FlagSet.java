package io.sotto.agent.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one verb, read as Go's flag package reads them: {@code -x v}, {@code -x=v}, {@code --x}, switches as
 * {@code -x} or {@code -x=false}, and {@code --} before arguments that begin with a dash. Unlike there, flags may also
 * follow arguments. Source: Go's flag package documentation; architecture decision record 0001.
 */
final class FlagSet {
    private enum Kind {
        SWITCH,
        VALUE
    }

    private record Flag(String name, Kind kind, String placeholder, String help) {}

    /**
     * A flag that the help shows.
     *
     * @param takesValue whether a value follows it
     * @param values what the value may be, as far as that is known
     */
    record Shown(String name, boolean takesValue, Choices values, String help) {}

    private final List<Flag> flags = new ArrayList<>();
    private boolean endsAtArguments;

    /** What begins with a dash after the first argument is none of ours, but that of a command. */
    FlagSet stopAtArguments() {
        endsAtArguments = true;
        return this;
    }

    /** A flag that is on or off. */
    FlagSet toggle(String name, String help) {
        flags.add(new Flag(name, Kind.SWITCH, "", help));
        return this;
    }

    /** A flag with a value, which may be given more than once. An empty {@code help} hides it. */
    FlagSet value(String name, String placeholder, String help) {
        flags.add(new Flag(name, Kind.VALUE, placeholder, help));
        return this;
    }

    ParsedFlags parse(List<String> words) throws UsageException {
        List<ParsedFlags.Given> given = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        boolean help = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                arguments.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (endsAtArguments && (word.length() < 2 || word.charAt(0) != '-')) {
                arguments.addAll(words.subList(i, words.size()));
                break;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                arguments.add(word);
                continue;
            }
            String body = word.substring(word.startsWith("--") ? 2 : 1);
            int equals = body.indexOf('=');
            String name = equals < 0 ? body : body.substring(0, equals);
            Flag flag = find(name);
            if (flag == null && (name.equals("h") || name.equals("help"))) {
                help = true;
            } else if (flag == null) {
                throw new UsageException("flag provided but not defined: -" + name);
            } else if (equals >= 0) {
                given.add(checked(flag, body.substring(equals + 1)));
            } else if (flag.kind == Kind.SWITCH) {
                given.add(new ParsedFlags.Given(name, "true"));
            } else if (i + 1 < words.size()) {
                given.add(new ParsedFlags.Given(name, words.get(++i)));
            } else {
                throw new UsageException("flag needs an argument: -" + name);
            }
        }
        return new ParsedFlags(given, arguments, help);
    }

    /** One line or two for each flag; empty when there is none to show. */
    String help() {
        StringBuilder out = new StringBuilder();
        for (Flag flag : flags) {
            if (!flag.help.isEmpty()) {
                out.append("  -").append(flag.name);
                if (flag.kind == Kind.VALUE) {
                    out.append(" <").append(flag.placeholder).append('>');
                }
                out.append("\n      ").append(flag.help).append('\n');
            }
        }
        return out.toString();
    }

    /** The flags that the help shows, in its order. */
    List<Shown> shown() {
        return flags.stream()
                .filter(flag -> !flag.help.isEmpty())
                .map(flag -> new Shown(
                        flag.name, flag.kind == Kind.VALUE, Choices.ofPlaceholder(flag.placeholder), flag.help))
                .toList();
    }

    private static ParsedFlags.Given checked(Flag flag, String value) throws UsageException {
        if (flag.kind == Kind.VALUE) {
            return new ParsedFlags.Given(flag.name, value);
        }
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> new ParsedFlags.Given(flag.name, "true");
            case "0", "f", "F", "false", "FALSE", "False" -> new ParsedFlags.Given(flag.name, "false");
            default ->
                throw new UsageException("invalid boolean value \"" + value + "\" for -" + flag.name + ": parse error");
        };
    }

    private @Nullable Flag find(String name) {
        for (Flag flag : flags) {
            if (flag.name.equals(name)) {
                return flag;
            }
        }
        return null;
    }
}
