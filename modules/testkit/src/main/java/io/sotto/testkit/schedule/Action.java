package io.sotto.testkit.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing done to a pool. Immutable; {@link #text} and {@link #parse} are each other's inverse.
 *
 * @param verb what is done
 * @param some whom it is done to; for a cut, who is no longer heard
 * @param others the other side, or whom to join
 * @param amount of loss, or of time
 */
public record Action(Verb verb, List<String> some, List<String> others, double amount) {
    /** What can be done, each with the parts of its text. */
    public enum Verb {
        /** Every link loses this share of its packets from now on; 0 ends it. */
        LOSS(Part.AMOUNT),
        /** Nothing that the first side sends reaches the second. */
        CUT(Part.SOME, Part.OTHERS),
        /** Nothing passes between two sides. */
        SPLIT(Part.SOME, Part.OTHERS),
        /** Ends all cuts and splits. */
        MEND,
        /** Ends processes at once. */
        KILL(Part.SOME),
        /** Ends what still runs, and begins anew under the same name and address; each then joins the other. */
        RESTART(Part.SOME, Part.OTHERS),
        /** Holds a process as by SIGSTOP. */
        PAUSE(Part.SOME),
        RESUME(Part.SOME),
        /** What is sent by and to these waits. */
        BLOCK(Part.SOME),
        UNBLOCK(Part.SOME),
        /** What is sent by and to these takes so many milliseconds. */
        SLOW(Part.SOME, Part.AMOUNT),
        /** Ends all slowness. */
        HURRY,
        /** The wall clock jumps by so many seconds. */
        CLOCK(Part.SOME, Part.AMOUNT),
        /** New members, all at once, which then join the other. */
        ADD(Part.SOME, Part.OTHERS),
        /** These leave on purpose, and end when they have left. */
        LEAVE(Part.SOME),
        /** A process of the same name at another address tries to join the other. */
        INTRUDE(Part.SOME, Part.OTHERS);

        @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list of enums.
        private final List<Part> parts;

        Verb(Part... parts) {
            this.parts = List.of(parts);
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private enum Part {
        SOME,
        OTHERS,
        AMOUNT
    }

    public Action {
        some = List.copyOf(some);
        others = List.copyOf(others);
    }

    static Action of(Verb verb) {
        return new Action(verb, List.of(), List.of(), 0);
    }

    static Action of(Verb verb, double amount) {
        return new Action(verb, List.of(), List.of(), amount);
    }

    static Action of(Verb verb, List<String> some) {
        return new Action(verb, some, List.of(), 0);
    }

    static Action of(Verb verb, List<String> some, double amount) {
        return new Action(verb, some, List.of(), amount);
    }

    static Action of(Verb verb, List<String> some, List<String> others) {
        return new Action(verb, some, others, 0);
    }

    /** As in {@code split n1,n2 n3,n4,n5} or {@code loss 0.2}. */
    public String text() {
        List<String> words = new ArrayList<>();
        words.add(verb.word());
        for (Part part : verb.parts) {
            words.add(
                    switch (part) {
                        case SOME -> String.join(",", some);
                        case OTHERS -> String.join(",", others);
                        case AMOUNT -> number(amount);
                    });
        }
        return String.join(" ", words);
    }

    /** @throws IllegalArgumentException if the text is no action */
    static Action parse(String text) {
        List<String> words = List.of(text.strip().split("\\s+", -1));
        Verb verb = Verb.valueOf(words.get(0).toUpperCase(Locale.ROOT));
        if (words.size() != verb.parts.size() + 1) {
            throw new IllegalArgumentException("'" + text + "' must have " + verb.parts.size() + " parts");
        }
        List<String> some = List.of();
        List<String> others = List.of();
        double amount = 0;
        for (int i = 0; i < verb.parts.size(); i++) {
            String word = words.get(i + 1);
            switch (verb.parts.get(i)) {
                case SOME -> some = List.of(word.split(",", -1));
                case OTHERS -> others = List.of(word.split(",", -1));
                case AMOUNT -> amount = Double.parseDouble(word);
            }
        }
        return new Action(verb, some, others, amount);
    }

    /** The amount as a time, of a verb whose amount is in milliseconds. */
    Duration millis() {
        return Duration.ofMillis(Math.round(amount));
    }

    /** The amount as a time, of a verb whose amount is in seconds. */
    Duration seconds() {
        return Duration.ofMillis(Math.round(amount * 1000));
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value).replaceAll("0+$", "");
    }
}
