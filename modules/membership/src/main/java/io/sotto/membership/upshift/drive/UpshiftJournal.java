package io.sotto.membership.upshift.drive;

import io.sotto.membership.rotation.JournalText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An {@link UpshiftRecord} as text, one line for each of its fields, for people to read too, and for carrying it to members:
 *
 * <pre>
 *   sotto upshift 1
 *   id 5f0c7d21
 *   kind gossip
 *   epoch 1
 *   driver a
 *   revision 4
 *   goal sending
 *   confirmed ready
 *   course forward
 *   fencing no
 *   stepwise no
 *   key 1c0216e1
 *   expected a b c%0020d
 *   without c%0020d ann%0020at%00202030-01-01T00%003a00%003a00Z
 *   forced
 *   vouched
 *   began 2030-01-01T00:00:00Z
 *   outcome
 * </pre>
 *
 * <p>It holds ids of keys and names, never a key. Pure. Source: ours.
 */
public final class UpshiftJournal {
    private static final String HEAD = "sotto upshift 1";
    private static final List<String> FIELDS = List.of(
            "id",
            "kind",
            "epoch",
            "driver",
            "revision",
            "goal",
            "confirmed",
            "course",
            "fencing",
            "stepwise",
            "key",
            "expected",
            "without",
            "forced",
            "vouched",
            "began",
            "outcome");

    private UpshiftJournal() {}

    public static String text(UpshiftRecord record) {
        List<String> without = new ArrayList<>();
        record.without().forEach((name, why) -> without.addAll(List.of(name, why)));
        List<String> vouched = new ArrayList<>();
        record.vouched().forEach((name, stage) -> vouched.addAll(List.of(name, word(stage))));
        List<String> values = List.of(
                JournalText.escape(record.id()),
                word(record.kind()),
                Long.toString(record.epoch()),
                JournalText.escape(record.driver()),
                Long.toString(record.revision()),
                word(record.goal()),
                word(record.confirmed()),
                word(record.course()),
                yes(record.isFencing()),
                yes(record.isStepwise()),
                JournalText.escape(record.keyId()),
                JournalText.names(record.expected()),
                JournalText.names(without),
                JournalText.names(record.forced()),
                JournalText.names(vouched),
                record.began().toString(),
                record.outcome().map(UpshiftJournal::word).orElse(""));
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        for (int i = 0; i < FIELDS.size(); i++) {
            text.append(FIELDS.get(i)).append(' ').append(values.get(i)).append('\n');
        }
        return text.toString();
    }

    /** What {@link #text} wrote, or empty for anything else. */
    public static Optional<UpshiftRecord> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != FIELDS.size() + 2 || !lines[0].equals(HEAD) || !lines[lines.length - 1].isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length - 1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                fields.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        try {
            return Optional.of(record(fields)).filter(record -> text(record).equals(text));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static UpshiftRecord record(Map<String, String> fields) {
        SortedMap<String, String> without = pairs(field(fields, "without"));
        SortedMap<String, UpshiftStage> vouched = new TreeMap<>();
        pairs(field(fields, "vouched")).forEach((name, stage) -> vouched.put(name, value(UpshiftStage.class, stage)));
        return new UpshiftRecord(
                JournalText.unescape(field(fields, "id")),
                value(UpshiftKind.class, field(fields, "kind")),
                Long.parseLong(field(fields, "epoch")),
                JournalText.unescape(field(fields, "driver")),
                Long.parseLong(field(fields, "revision")),
                value(UpshiftStage.class, field(fields, "goal")),
                value(UpshiftStage.class, field(fields, "confirmed")),
                value(UpshiftCourse.class, field(fields, "course")),
                isYes(field(fields, "fencing")),
                isYes(field(fields, "stepwise")),
                JournalText.unescape(field(fields, "key")),
                new TreeSet<>(JournalText.split(field(fields, "expected"))),
                without,
                new TreeSet<>(JournalText.split(field(fields, "forced"))),
                vouched,
                Instant.parse(field(fields, "began")),
                Optional.of(field(fields, "outcome"))
                        .filter(how -> !how.isEmpty())
                        .map(how -> value(UpshiftOutcome.class, how)));
    }

    private static String field(Map<String, String> fields, String name) {
        String field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return field;
    }

    private static SortedMap<String, String> pairs(String text) {
        List<String> words = JournalText.split(text);
        if (words.size() % 2 != 0) {
            throw new IllegalArgumentException("a name without its word");
        }
        SortedMap<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            pairs.put(words.get(i), words.get(i + 1));
        }
        return pairs;
    }

    private static String yes(boolean is) {
        return is ? "yes" : "no";
    }

    private static boolean isYes(String word) {
        if (!word.equals("yes") && !word.equals("no")) {
            throw new IllegalArgumentException(word + " is neither yes nor no");
        }
        return word.equals("yes");
    }

    private static <E extends Enum<E>> E value(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
