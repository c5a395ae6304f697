package io.sotto.membership.upshift;

import java.util.List;

/**
 * Whether one step may be taken now.
 *
 * @param step which
 * @param key the id of the key that the step is about; empty but for {@link Step#REMOVE}
 * @param answer the answer
 * @param obstacles because of whom not, by name
 * @param onHints members for whom only traffic spoke, by name
 */
public record Verdict(Step step, String key, Answer answer, List<Obstacle> obstacles, List<String> onHints) {
    public Verdict {
        obstacles = List.copyOf(obstacles);
        onHints = List.copyOf(onHints);
    }

    /** The steps, in the order in which an upshift takes them. */
    public enum Step {
        /** Give every member the key, with both verify flags off. */
        KEYED("keyed"),
        /** Turn encrypt_verify_outgoing on everywhere. */
        OUTGOING("outgoing"),
        /** Turn encrypt_verify_incoming on everywhere. */
        INCOMING("incoming"),
        /** Remove an old key everywhere. */
        REMOVE("remove");

        private final String label;

        Step(String label) {
            this.label = label;
        }

        /** Its name for operators and programs. */
        public String label() {
            return label;
        }
    }

    /** Whether to go on. */
    public enum Answer {
        /** Every member has taken this step. */
        DONE("done"),
        /** Every member's own report says that nobody would be cut off. */
        SAFE("safe"),
        /** Nothing speaks against it, but for some members that rests on their traffic only. */
        LIKELY("likely"),
        /** Somebody would be cut off, or might be. */
        UNSAFE("unsafe");

        private final String label;

        Answer(String label) {
            this.label = label;
        }

        /** Its name for operators and programs. */
        public String label() {
            return label;
        }
    }
}
