package io.sotto.interop;

import io.sotto.agent.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to run {@code sotto} as built in this tree: the agent's jar where it is packed, else its classes. */
final class SottoProgram {
    /** For agents, where there is no jar for the launcher's own options, and its archives, to be of use to. */
    private static final List<String> AGENT_OPTIONS =
            List.of("-XX:+UseSerialGC", "-Xss256k", "-Xms16m", "-Xmx256m", "-Xshare:auto");

    private static final List<String> VERB_OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-Xshare:auto");

    private SottoProgram() {}

    /** The words of {@code sotto agent ARGUMENT...}. */
    static List<String> agent(List<String> arguments) {
        List<String> words = java(QuickStarts.Kind.AGENT, AGENT_OPTIONS);
        words.add("agent");
        words.addAll(arguments);
        return words;
    }

    /** The words of {@code sotto VERB ARGUMENT...}. */
    static List<String> verb(String verb, String... arguments) {
        List<String> words = java(QuickStarts.Kind.VERB, VERB_OPTIONS);
        words.add(verb);
        words.addAll(List.of(arguments));
        return words;
    }

    /** The words that run a program of these tests, on their class path. */
    static List<String> main(Class<?> program) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(VERB_OPTIONS);
        words.addAll(List.of("-cp", classPath(), program.getName()));
        return words;
    }

    private static List<String> java(QuickStarts.Kind kind, List<String> optionsOfClasses) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        try {
            Path agent = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isRegularFile(agent) && Files.isDirectory(agent.resolveSibling("lib"))) {
                words.add("@" + QuickStarts.options(agent, kind));
            } else {
                words.addAll(optionsOfClasses);
                words.addAll(List.of("-cp", classPath()));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        words.add(Main.class.getName());
        return words;
    }

    /** Failsafe starts this JVM with a jar that only names the real class path. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
