package io.sotto.membership.rotation;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A {@link RotationRecord} as text, one line for each of its fields, for people to read too:
 *
 * <pre>
 *   sotto rotation 1
 *   cause asked
 *   course forward
 *   phase checking
 *   new 1c0216e1
 *   old 7d3a0b52
 *   retired 7d3a0b52
 *   reach installed
 *   wait
 *   expected a b c%0020d
 *   without
 * </pre>
 *
 * <p>It holds ids of keys and names, never a key. Pure. Source: ours.
 */
public final class RotationJournal {
    private static final String HEAD = "sotto rotation 1";

    private RotationJournal() {}

    public static String text(RotationRecord record) {
        List<String> lines = new ArrayList<>();
        lines.add(HEAD);
        lines.add("cause " + word(record.cause()));
        lines.add("course " + word(record.course()));
        lines.add("phase " + word(record.phase()));
        lines.add("new " + JournalText.escape(record.newKey()));
        lines.add("old " + JournalText.escape(record.oldKey()));
        lines.add("retired " + JournalText.names(record.retired()));
        lines.add("reach " + word(record.reach()));
        lines.add("wait " + record.waitUntil().map(Instant::toString).orElse(""));
        lines.add("expected " + JournalText.names(record.expected()));
        lines.add("without " + JournalText.names(record.without()));
        return String.join("\n", lines) + "\n";
    }

    /** What {@link #text} wrote, or empty for anything else. */
    public static Optional<RotationRecord> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 12 || !lines[0].equals(HEAD) || !lines[11].isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : Arrays.asList(lines).subList(1, 11)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                fields.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        try {
            return Optional.of(new RotationRecord(
                    value(RotationCause.class, fields, "cause"),
                    value(RotationCourse.class, fields, "course"),
                    value(RotationPhase.class, fields, "phase"),
                    JournalText.unescape(field(fields, "new")),
                    JournalText.unescape(field(fields, "old")),
                    new TreeSet<>(JournalText.split(field(fields, "retired"))),
                    value(RotationReach.class, fields, "reach"),
                    Optional.of(field(fields, "wait"))
                            .filter(at -> !at.isEmpty())
                            .map(Instant::parse),
                    new TreeSet<>(JournalText.split(field(fields, "expected"))),
                    new TreeSet<>(JournalText.split(field(fields, "without")))));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return field;
    }

    private static <E extends Enum<E>> E value(Class<E> type, Map<String, String> fields, String name) {
        return Enum.valueOf(type, field(fields, name).toUpperCase(Locale.ROOT));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
