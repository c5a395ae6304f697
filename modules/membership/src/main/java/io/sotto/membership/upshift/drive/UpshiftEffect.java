package io.sotto.membership.upshift.drive;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What an {@link UpshiftMachine} wants done, in this order; none is to be done before the ones before it are. */
public sealed interface UpshiftEffect {
    /** One constant per permitted record, for exhaustive switches. */
    enum Kind {
        PERSIST,
        ASK,
        ORDER,
        WAKE,
        TELL,
        END
    }

    Kind kind();

    /** Write this down, for the next life of this node. */
    record Persist(UpshiftRecord record) implements UpshiftEffect {
        @Override
        public Kind kind() {
            return Kind.PERSIST;
        }
    }

    /** Find out where all members stand, this node among them; answered by the machine's {@code surveyed}. */
    record Ask(long question) implements UpshiftEffect {
        @Override
        public Kind kind() {
            return Kind.ASK;
        }
    }

    /**
     * Have these members take a stage; answered by the machine's {@code ordered}. Whoever is there already does nothing.
     *
     * @param record what goes with the order, for them to keep
     */
    record Order(long question, SortedSet<String> members, UpshiftStage stage, UpshiftRecord record)
            implements UpshiftEffect {
        public Order {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        }

        /** Whether it says nothing that the other has not said to the same members. */
        boolean repeats(Order other) {
            return stage == other.stage && record.equals(other.record) && other.members.containsAll(members);
        }

        @Override
        public Kind kind() {
            return Kind.ORDER;
        }
    }

    /** Call the machine's {@code wake} then. */
    record Wake(Instant at, long generation) implements UpshiftEffect {
        @Override
        public Kind kind() {
            return Kind.WAKE;
        }
    }

    /** Tell whoever wants to know. */
    record Tell(UpshiftProgress progress) implements UpshiftEffect {
        @Override
        public Kind kind() {
            return Kind.TELL;
        }
    }

    /** It is over; what was written down stays, for those who ask how it ended. */
    record End(UpshiftProgress progress) implements UpshiftEffect {
        @Override
        public Kind kind() {
            return Kind.END;
        }
    }
}
