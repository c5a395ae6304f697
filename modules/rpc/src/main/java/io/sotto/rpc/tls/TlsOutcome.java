package io.sotto.rpc.tls;

import java.util.List;

/** How a reload of TLS ended. All or nothing. */
public sealed interface TlsOutcome {
    /** Which it is. */
    enum Kind {
        SWAPPED,
        UNCHANGED,
        KEPT
    }

    Kind kind();

    /** The generation that is in force now. */
    long generation();

    /** A new snapshot is in force; what warnings tell holds for it. */
    record Swapped(long generation, List<String> warnings) implements TlsOutcome {
        public Swapped {
            warnings = List.copyOf(warnings);
        }

        @Override
        public Kind kind() {
            return Kind.SWAPPED;
        }
    }

    /** Files and settings are what they were. */
    record Unchanged(long generation) implements TlsOutcome {
        @Override
        public Kind kind() {
            return Kind.UNCHANGED;
        }
    }

    /** The new files or settings cannot be used; the old snapshot stays in force. */
    record Kept(long generation, List<String> faults) implements TlsOutcome {
        public Kept {
            faults = List.copyOf(faults);
        }

        @Override
        public Kind kind() {
            return Kind.KEPT;
        }
    }
}
