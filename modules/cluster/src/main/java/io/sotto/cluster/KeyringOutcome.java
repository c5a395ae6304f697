package io.sotto.cluster;

import java.util.List;

/** What came of an operation on a {@link PoolKeyring}. Unless it is {@link Done}, nothing has changed, on disk or in memory. */
public sealed interface KeyringOutcome {
    /**
     * It is done: in force and, unless the ring is kept in memory only, on disk.
     *
     * @param keyIds the keys on the ring now, by {@link io.sotto.wire.crypto.GossipKey#id}, the primary first
     */
    record Done(List<String> keyIds) implements KeyringOutcome {
        public Done {
            keyIds = List.copyOf(keyIds);
        }
    }

    /**
     * The ring does not allow it, or the pool has none.
     *
     * @param reason for people, in Serf's words: {@code Removing the primary key is not allowed}
     */
    record Refused(String reason) implements KeyringOutcome {}

    /**
     * The ring's file could not be written; the same operation may be tried again once the cause is mended.
     *
     * @param reason for people, with the path: {@code cannot write keyring /data/serf/local.keyring: no space left on device}
     */
    record NotWritten(String reason) implements KeyringOutcome {}
}
