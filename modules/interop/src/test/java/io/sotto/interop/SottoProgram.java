package io.sotto.interop;

import io.sotto.agent.cli.Main;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to run {@code sotto} as built in this tree: the agent's jar where it is packed, else its classes. */
final class SottoProgram {
    /** The launcher's options for agents, without the archive that it makes. */
    private static final List<String> AGENT_OPTIONS =
            List.of("-XX:+UseSerialGC", "-Xss256k", "-Xms16m", "-Xmx256m", "-Xshare:auto");

    private static final List<String> VERB_OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-Xshare:auto");

    private SottoProgram() {}

    /** The words of {@code sotto agent ARGUMENT...}. */
    static List<String> agent(List<String> arguments) {
        List<String> words = java(AGENT_OPTIONS);
        words.add("agent");
        words.addAll(arguments);
        return words;
    }

    /** The words of {@code sotto VERB ARGUMENT...}. */
    static List<String> verb(String verb, String... arguments) {
        List<String> words = java(VERB_OPTIONS);
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

    private static List<String> java(List<String> options) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(options);
        try {
            Path agent = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isRegularFile(agent) && Files.isDirectory(agent.resolveSibling("lib"))) {
                words.addAll(List.of("-jar", agent.toString()));
            } else {
                words.addAll(List.of("-cp", classPath(), Main.class.getName()));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return words;
    }

    /** Failsafe starts this JVM with a jar that only names the real class path. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
