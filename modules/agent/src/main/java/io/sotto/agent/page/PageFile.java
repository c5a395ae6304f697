package io.sotto.agent.page;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the page.
 *
 * @param contentType with its charset
 * @param tag what an {@code ETag} says of these bytes, quotes included
 * @param bytes as they lie in the jar
 */
record PageFile(String contentType, String tag, Octets bytes) {
    private static final String INDEX = "index.html";
    private static final int TAG_BYTES = 12;
    /** A name, at most one directory deep: nothing that could lead out of the page's own directory. */
    private static final Pattern NAME = Pattern.compile("(?:[a-z]+/)?[a-z]+\\.([a-z]+)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    /**
     * Looks a file up.
     *
     * @param name below the page's address; empty for the page itself
     */
    static Optional<PageFile> find(String name) {
        String wanted = name.isEmpty() ? INDEX : name;
        Matcher shape = NAME.matcher(wanted);
        if (!shape.matches()) {
            return Optional.empty();
        }
        String type = TYPES.get(shape.group(1));
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = PageFile.class.getResourceAsStream("/ui/" + wanted)) {
            return in == null ? Optional.empty() : Optional.of(of(type, in.readAllBytes()));
        } catch (IOException broken) {
            throw new IllegalStateException("cannot read " + wanted + " of the agent's own jar", broken);
        }
    }

    private static PageFile of(String type, byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            String tag = '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
            return new PageFile(type, tag, Octets.wrap(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
