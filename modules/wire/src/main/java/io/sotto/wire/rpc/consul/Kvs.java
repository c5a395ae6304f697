package io.sotto.wire.rpc.consul;

import io.sotto.wire.Octets;
import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.util.List;

/** Messages of {@code KVS}, the store of keys and values. */
public final class Kvs {
    private Kvs() {}

    /** What a write does, by its name on the wire. */
    public enum Operation {
        SET("set", false),
        CAS("cas", true),
        LOCK("lock", true),
        UNLOCK("unlock", true),
        DELETE("delete", false),
        DELETE_CAS("delete-cas", true),
        DELETE_TREE("delete-tree", false);

        private final String wireName;
        private final boolean answers;

        Operation(String wireName, boolean answers) {
            this.wireName = wireName;
            this.answers = answers;
        }

        public String wireName() {
            return wireName;
        }

        /**
         * Whether the boolean that comes back says if it was done. Of the others it is {@code false} although they were: those
         * that fail end in an error.
         */
        public boolean answers() {
            return answers;
        }
    }

    /**
     * A key and its value.
     *
     * @param lockIndex how often it was locked
     * @param flags a number that is the application's
     * @param session that holds its lock; empty for none
     * @param modifyIndex index of the state in which it last changed; what {@code cas} and {@code delete-cas} compare, where 0
     *     stands for a key that there is not
     */
    public record Entry(
            @Unsigned long lockIndex,
            String key,
            @Unsigned long flags,
            Octets value,
            String session,
            @Unsigned long createIndex,
            @Unsigned long modifyIndex) {
        public static Entry of(String key, Octets value) {
            return new Entry(0, key, 0, value, "", 0, 0);
        }

        public Entry withFlags(long next) {
            return new Entry(lockIndex, key, next, value, session, createIndex, modifyIndex);
        }

        public Entry withSession(String next) {
            return new Entry(lockIndex, key, flags, value, next, createIndex, modifyIndex);
        }

        public Entry withModifyIndex(long next) {
            return new Entry(lockIndex, key, flags, value, session, createIndex, next);
        }
    }

    /** Writes one key. */
    public record Apply(String datacenter, String op, Entry dirEnt, String token) {
        /** Without the token, which is a secret. */
        @Override
        public String toString() {
            return "Apply[datacenter=" + datacenter + ", op=" + op + ", dirEnt=" + dirEnt + "]";
        }
    }

    /** Reads one key, or all that begin with it. */
    public record Get(
            String datacenter, String key, @Embedded QueryOptions options) {}

    public record Entries(List<Entry> entries, @Embedded QueryMeta meta) {
        public Entries {
            entries = Nil.copy(entries);
        }
    }

    /**
     * Reads the names of keys.
     *
     * @param seperator where names are cut off, once each; empty for whole names. The wire has it in this spelling
     */
    public record ListKeys(
            String datacenter,
            String prefix,
            String seperator,
            @Embedded QueryOptions options) {}

    public record Keys(List<String> keys, @Embedded QueryMeta meta) {
        public Keys {
            keys = Nil.copy(keys);
        }
    }
}
