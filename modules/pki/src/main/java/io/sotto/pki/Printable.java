package io.sotto.pki;

import java.util.List;
import java.util.stream.Collectors;

/** What a peer wrote, bounded and printable, for texts that people read. */
final class Printable {
    private static final int MAX_LENGTH = 200;
    private static final int MAX_ENTRIES = 10;

    private Printable() {}

    static String of(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= MAX_LENGTH ? clean : clean.substring(0, MAX_LENGTH) + "…";
    }

    static String of(List<String> texts) {
        String joined = texts.stream().limit(MAX_ENTRIES).map(Printable::of).collect(Collectors.joining(", "));
        return texts.size() <= MAX_ENTRIES ? joined : joined + ", and " + (texts.size() - MAX_ENTRIES) + " more";
    }
}
