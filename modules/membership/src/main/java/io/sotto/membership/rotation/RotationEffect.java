package io.sotto.membership.rotation;

import java.time.Instant;
import java.util.Optional;

/** What a {@link RotationMachine} wants done, in this order; none is to be done before the ones before it are. */
public sealed interface RotationEffect {
    /** One constant per permitted record, for exhaustive switches. */
    enum Kind {
        PERSIST,
        DRAW,
        KEEP,
        RUN,
        WAKE,
        TELL,
        END
    }

    Kind kind();

    /** Write this down, for the next life of this node. */
    record Persist(RotationRecord record) implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.PERSIST;
        }
    }

    /** Draw a new key; answered by {@link RotationMachine#drawn}. */
    record Draw() implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.DRAW;
        }
    }

    /** Put the drawn key on the ring of this node; answered by {@link RotationMachine#kept}. */
    record Keep(String key) implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.KEEP;
        }
    }

    /** Ask all members, this node among them; answered by {@link RotationMachine#on}. */
    record Run(RingAction action, Optional<String> key) implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.RUN;
        }
    }

    /** Call {@link RotationMachine#wake} then. */
    record Wake(Instant at, long generation) implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.WAKE;
        }
    }

    /** Tell whoever wants to know. */
    record Tell(RotationProgress progress) implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.TELL;
        }
    }

    /** It is over: forget what was written down. */
    record End(RotationProgress progress) implements RotationEffect {
        @Override
        public Kind kind() {
            return Kind.END;
        }
    }
}
