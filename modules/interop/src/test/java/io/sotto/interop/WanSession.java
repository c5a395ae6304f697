package io.sotto.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What was said to real agents and by them, in the form of the captures: {@code $ consul VERB … # against NODE} or {@code GET PATH
 * # NODE}, then what came back, and for verbs the exit code.
 *
 * @param asked the words of the verb, or {@code GET} and the path
 * @param node who was asked
 * @param out what came back; of a verb what it printed
 * @param err what a verb printed to standard error
 * @param code the exit code, or the status
 */
record WanSession(List<String> asked, String node, String out, String err, int code) {
    /** All exchanges of a capture, in their order. */
    static List<WanSession> read(String resource) {
        List<WanSession> session = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : text(resource).split("\n", -1)) {
            boolean isNew = line.startsWith("$ ") || line.startsWith("GET ");
            if (isNew && !block.isEmpty()) {
                session.add(of(block));
                block.clear();
            }
            block.add(line);
        }
        session.add(of(block));
        return session;
    }

    boolean isVerb() {
        return !asked.get(0).equals("GET");
    }

    /** On one line, for naming it. */
    String name() {
        return String.join(" ", asked) + " # " + node;
    }

    private static WanSession of(List<String> block) {
        String[] head = block.get(0).split("\\s+#\\s+", 2);
        List<String> words = List.of(head[0].replaceFirst("^\\$ consul ", "").split(" "));
        String node = head[1].replaceFirst("^against ", "").strip();
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        StringBuilder to = out;
        int code = -1;
        for (String line : block.subList(1, block.size())) {
            if (line.startsWith("HTTP ")) {
                code = Integer.parseInt(line.substring("HTTP ".length()));
            } else if (line.startsWith("[exit ")) {
                code = Integer.parseInt(line.substring("[exit ".length(), line.length() - 1));
            } else if (line.equals("[stderr]")) {
                to = err;
            } else {
                to.append(line).append('\n');
            }
        }
        return new WanSession(words, node, out.toString(), err.toString(), code);
    }

    private static String text(String resource) {
        try (InputStream in =
                Objects.requireNonNull(WanSession.class.getResourceAsStream("/golden/" + resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
