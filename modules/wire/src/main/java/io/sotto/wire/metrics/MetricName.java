package io.sotto.wire.metrics;

import java.util.List;

/**
 * One entry of a catalogue of metrics. Immutable; safe to share between threads.
 *
 * <p>Source: ours.
 *
 * @param dotted {@code sotto.module.thing}, in lower-case letters, digits and underscores; it ends in the unit's word
 * @param kind how it moves
 * @param unit what it is measured in
 * @param labels the names of its labels in order, each in lower-case letters and underscores; every value of this metric has
 *     exactly these
 * @param meaning one sentence for people, without a full stop
 */
public record MetricName(String dotted, MetricKind kind, MetricUnit unit, List<String> labels, String meaning) {
    /** @throws IllegalArgumentException for a name or a label that is not of its form */
    public MetricName {
        labels = List.copyOf(labels);
        if (!isDotted(dotted)) {
            throw new IllegalArgumentException("a metric's name is like sotto.gossip.members, not " + dotted);
        }
        if (!unit.word().isEmpty() && !dotted.endsWith("." + unit.word())) {
            throw new IllegalArgumentException(dotted + " must end in its unit, " + unit.word());
        }
        for (String label : labels) {
            if (!isWord(label)) {
                throw new IllegalArgumentException(dotted + " has the label " + label);
            }
        }
        if (labels.stream().distinct().count() < labels.size()) {
            throw new IllegalArgumentException(dotted + " has one label twice: " + labels);
        }
        if (meaning.isBlank()) {
            throw new IllegalArgumentException(dotted + " has no meaning");
        }
    }

    /** A counter of things or, where the name says so, of bytes or seconds. */
    public static MetricName counter(String dotted, MetricUnit unit, String meaning, String... labels) {
        return new MetricName(dotted, MetricKind.COUNTER, unit, List.of(labels), meaning);
    }

    /** A gauge. */
    public static MetricName gauge(String dotted, MetricUnit unit, String meaning, String... labels) {
        return new MetricName(dotted, MetricKind.GAUGE, unit, List.of(labels), meaning);
    }

    private static boolean isDotted(String text) {
        String[] words = text.split("\\.", -1);
        if (words.length < 3 || !words[0].equals("sotto")) {
            return false;
        }
        for (String word : words) {
            if (!isWord(word)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            boolean inner = i > 0 && (c == '_' || (c >= '0' && c <= '9'));
            if (!letter && !inner) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
