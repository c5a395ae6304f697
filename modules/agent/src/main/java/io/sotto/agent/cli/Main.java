package io.sotto.agent.cli;

import io.sotto.agent.config.HiddenKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entry of the {@code sotto} command.
 *
 * <p>The exit code is documented by {@code sotto help}. Text for people goes to standard output when it was asked for and
 * to standard error when it tells of a failure.
 */
public final class Main {
    private Main() {}

    /** Runs one verb and ends the process with its exit code. */
    public static void main(String[] words) {
        int code = run(Arrays.asList(words), new Console(System.out, System.err, System.getenv(), System.in));
        System.out.flush();
        System.exit(code);
    }

    static int run(List<String> words, Console console) {
        if (words.isEmpty()) {
            console.out().println(Verbs.newcomerPage());
            return Exit.DONE;
        }
        String name = words.get(0);
        if (name.equals("help") || name.equals("-h") || name.equals("-help") || name.equals("--help")) {
            return help(words, console);
        }
        if (name.equals("-v") || name.equals("-version") || name.equals("--version")) {
            name = "version";
        }
        if (name.equals("-autocomplete-install") || name.equals("-autocomplete-uninstall")) {
            return ShellProfiles.run(name, console);
        }
        List<String> named = new ArrayList<>(words);
        named.set(0, name);
        Verbs.Found found = Verbs.resolve(named);
        if (found == null) {
            return unknown(name, console);
        }
        return run(found.verb(), found.name(), found.rest(), console);
    }

    static int run(Verb verb, String name, List<String> words, Console console) {
        try {
            ParsedFlags flags = verb.flags().parse(words);
            if (flags.help()) {
                console.out().println(verb.help());
                return Exit.DONE;
            }
            return verb.run(flags, console);
        } catch (UsageException e) {
            console.err().println(HiddenKeys.of(words).hide(e.text()));
            console.err().println("See: sotto " + name + " -h");
            return Exit.USAGE;
        }
    }

    private static int help(List<String> words, Console console) {
        if (words.size() == 1 || words.get(1).equals("help") || words.get(1).startsWith("-")) {
            console.out().println(Verbs.allPage());
            return Exit.DONE;
        }
        Verbs.Found found = Verbs.resolve(words.subList(1, words.size()));
        if (found == null) {
            return unknown(words.get(1), console);
        }
        console.out().println(found.verb().help());
        return Exit.DONE;
    }

    private static int unknown(String name, Console console) {
        console.err().println("sotto has no verb \"" + name + "\". Did you mean \"" + Verbs.nearest(name) + "\"?");
        console.err().println("All verbs: sotto help");
        return Exit.USAGE;
    }
}
