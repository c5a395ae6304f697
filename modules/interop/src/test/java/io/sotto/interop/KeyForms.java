package io.sotto.interop;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Finds keys in texts, in every form in which a program might show them: raw, base64 of either alphabet, hexadecimal with or
 * without separators, lists of signed or unsigned numbers; and any eight bytes of a key in each of these forms.
 *
 * <p>Letter case is ignored. What was found is named by the key's name and the form, and never shown.
 */
final class KeyForms {
    private static final int PART_BYTES = 8;
    /** Eight bytes are ten whole characters of base64 and a part of the eleventh. */
    private static final int PART_BASE64 = 10;
    /** By how many characters forms are looked up; none is shorter. */
    private static final int HEAD = 8;

    private record Form(String text, String what) {}

    private final Map<String, List<Form>> byHead = new HashMap<>();

    /** Adds a key to look for. */
    KeyForms with(String name, byte[] key) {
        for (int from = 0; from + PART_BYTES <= key.length; from++) {
            byte[] part = new byte[PART_BYTES];
            System.arraycopy(key, from, part, 0, PART_BYTES);
            String what = name + " from byte " + from;
            add(new String(part, StandardCharsets.ISO_8859_1), what + ", raw");
            addBase64(Base64.getEncoder().encodeToString(part).substring(0, PART_BASE64), what);
            for (String separator : List.of("", ":", " ", "-", ", ", ",", "\\x", ", 0x", " 0x", "%")) {
                add(joined(part, separator, each -> String.format("%02x", each)), what + ", hexadecimal");
            }
            for (String separator : List.of(", ", ",", " ", "\n", ";")) {
                add(joined(part, separator, each -> Byte.toString((byte) each)), what + ", signed bytes");
                add(joined(part, separator, each -> Integer.toString(each)), what + ", unsigned bytes");
            }
        }
        String whole = Base64.getEncoder().encodeToString(key);
        for (int from = 0; from + PART_BASE64 < whole.length(); from++) {
            addBase64(whole.substring(from, from + PART_BASE64 + 1), name + " from character " + from);
        }
        return this;
    }

    KeyForms with(String name, String base64) {
        return with(name, Base64.getDecoder().decode(base64));
    }

    /** What a text shows of the keys: empty when it is clean. */
    Set<String> in(String text) {
        Set<String> found = new LinkedHashSet<>();
        String lower = text.toLowerCase(Locale.ROOT);
        for (int at = 0; at + HEAD <= lower.length(); at++) {
            List<Form> forms = byHead.get(lower.substring(at, at + HEAD));
            if (forms != null) {
                for (Form form : forms) {
                    if (lower.startsWith(form.text, at)) {
                        found.add(form.what);
                    }
                }
            }
        }
        return found;
    }

    /** What bytes show of the keys, whether they are taken as UTF-8 or as they are. */
    Set<String> in(byte[] bytes) {
        Set<String> found = in(new String(bytes, StandardCharsets.UTF_8));
        found.addAll(in(new String(bytes, StandardCharsets.ISO_8859_1)));
        return found;
    }

    /** What a failure shows of the keys, in its text, its causes and its stack. */
    Set<String> in(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return in(text.toString());
    }

    Set<String> in(Collection<?> values) {
        Set<String> found = new LinkedHashSet<>();
        values.forEach(value -> found.addAll(in(String.valueOf(value))));
        return found;
    }

    private void addBase64(String text, String what) {
        add(text, what + ", base64");
        add(text.replace('+', '-').replace('/', '_'), what + ", base64 for addresses");
    }

    private void add(String text, String what) {
        String lower = text.toLowerCase(Locale.ROOT);
        byHead.computeIfAbsent(lower.substring(0, HEAD), head -> new ArrayList<>())
                .add(new Form(lower, what));
    }

    private interface Digits {
        String of(int unsigned);
    }

    private static String joined(byte[] bytes, String separator, Digits digits) {
        StringJoiner text = new StringJoiner(separator);
        for (byte each : bytes) {
            text.add(digits.of(each & 0xff));
        }
        return text.toString();
    }
}
