package io.sotto.agent.cli;

import java.util.Map;
import java.util.function.Supplier;

/** One verb of the command line. A verb is made, run once, and forgotten. */
interface Verb {
    /** The line after {@code Usage: sotto}, and below it what the verb does; no newline at the end. */
    String usage();

    FlagSet flags();

    /** Does the work and answers with an {@link Exit} code. */
    int run(ParsedFlags flags, Console console) throws UsageException;

    /** Verbs that begin with this one's name, by the words that follow it, such as {@code "ca create"}. */
    default Map<String, Supplier<Verb>> below() {
        return Map.of();
    }

    /** What its arguments may be, as far as a shell can complete them. */
    default Choices arguments() {
        return Choices.NONE;
    }

    /** What {@code -h} prints, without a newline at the end. */
    default String help() {
        String flags = flags().help();
        return "Usage: sotto " + usage() + (flags.isEmpty() ? "" : "\n\nOptions:\n\n" + flags.stripTrailing());
    }

    /** Refuses a format that no verb knows; true for JSON. */
    static boolean json(ParsedFlags flags) throws UsageException {
        String format = flags.value("format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new UsageException("invalid value \"" + format + "\" for flag -format: use text or json");
        }
        return format.equals("json");
    }
}
