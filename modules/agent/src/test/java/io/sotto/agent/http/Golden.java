package io.sotto.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One exchange captured from a real agent.
 *
 * @param status the status code
 * @param contentType the header, {@code None} if there was none
 * @param body as sent, without the blank lines that end a capture
 */
record Golden(int status, String contentType, String body) {

    /** The exchange whose line reads {@code request   # against agent} in {@code golden/file}. */
    static Golden read(String file, String request, String agent) {
        String text = resource("/golden/" + file);
        String head = request + "   # against " + agent + "\nHTTP ";
        int start = text.startsWith(head) ? 0 : text.indexOf("\n" + head) + 1;
        if (!text.startsWith(head, start)) {
            throw new IllegalArgumentException("no capture of " + request + " against " + agent + " in " + file);
        }
        int status = start + head.length();
        int endOfStatus = text.indexOf('\n', status);
        String[] statusAndType = text.substring(status, endOfStatus).split("\\s+content-type=", 2);
        int end = endOfStatus + 1;
        for (String line : text.substring(end).split("\n", -1)) {
            if (line.matches("(GET|PUT|POST|DELETE|PATCH) /.* {3}# against \\w+")) {
                break;
            }
            end += line.length() + 1;
        }
        String body =
                text.substring(endOfStatus + 1, Math.min(end, text.length())).stripTrailing();
        return new Golden(Integer.parseInt(statusAndType[0]), statusAndType[1], body);
    }

    private static String resource(String path) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
