package io.sotto.agent.doctor;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A file or directory that should be for its owner alone.
 *
 * @param path as it was given
 * @param kind what it holds
 * @param mode who may do what with it
 */
public record FileSeen(String path, Kind kind, Set<PosixFilePermission> mode) {
    /** What lies in it. */
    public enum Kind {
        KEYRING("the gossip keys"),
        TLS_KEY("a private key"),
        AUTHORITY_KEY("the authority's private key"),
        CONFIGURATION("a secret of the configuration"),
        APPLIED("what upshifts have switched on"),
        /** It holds nothing itself; who may write to it can put files of their own in place. */
        DATA_DIRECTORY("the keyring and the node's id");

        private final String contents;

        Kind(String contents) {
            this.contents = contents;
        }

        String contents() {
            return contents;
        }
    }

    public FileSeen {
        mode = Set.copyOf(mode);
    }
}
