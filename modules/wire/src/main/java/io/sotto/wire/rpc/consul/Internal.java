package io.sotto.wire.rpc.consul;

import io.sotto.wire.Octets;
import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of {@code Internal}. */
public final class Internal {
    private Internal() {}

    /**
     * Asks a server to send a user event through its pool.
     *
     * @param name without the prefix that it has in gossip
     * @param payload the event in the msgpack dialect of gossip, see {@link io.sotto.wire.message.ConsulEvent}
     */
    public record EventFire(
            String datacenter,
            String name,
            Octets payload,
            @Embedded QueryOptions options) {}

    public record EventFired(@Embedded QueryMeta meta) {}

    /** What is done to the keys of gossip. A real server must never be sent any other name: it ends over it. */
    public enum KeyringAction {
        LIST("list"),
        INSTALL("install"),
        USE("use"),
        REMOVE("remove");

        private final String wireName;

        KeyringAction(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        /** The action with this name, in exactly this spelling. */
        public static Optional<KeyringAction> of(String wireName) {
            for (KeyringAction action : values()) {
                if (action.wireName.equals(wireName)) {
                    return Optional.of(action);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Lists or changes the keys of gossip.
     *
     * @param operation the name of a {@link KeyringAction}, or what a stranger sent instead
     * @param key in base64; empty for a list. A secret
     * @param forwarded whether it came from another datacenter's server, and is for the LAN pool alone
     * @param relayFactor through how many others members answer a second time
     * @param localOnly whether only the pool of this datacenter is asked; for lists
     */
    public record Keyring(
            String operation,
            String key,
            String datacenter,
            boolean forwarded,
            int relayFactor,
            boolean localOnly,
            @Embedded QueryOptions options) {
        public static Keyring of(KeyringAction action, String key, String datacenter, QueryOptions options) {
            return new Keyring(action.wireName(), key, datacenter, false, 0, false, options);
        }

        /** Without the key, which is a secret. */
        @Override
        public String toString() {
            return "Keyring[operation=" + operation + ", datacenter=" + datacenter + ", forwarded=" + forwarded
                    + ", relayFactor=" + relayFactor + ", localOnly=" + localOnly + "]";
        }
    }

    public record KeyringAnswers(
            List<KeyringAnswer> responses, @Embedded QueryMeta meta) {
        public KeyringAnswers {
            responses = Nil.copy(responses);
        }
    }

    /**
     * What one pool said.
     *
     * @param wan whether it is the WAN pool
     * @param messages what members complain of, by their names
     * @param keys on how many members each key is, by the key in base64. Secrets
     * @param primaryKeys on how many each key is the one to send with
     * @param error empty where all went well
     */
    public record KeyringAnswer(
            @Name("WAN") boolean wan,
            String datacenter,
            String segment,
            Map<String, String> messages,
            Map<String, Integer> keys,
            Map<String, Integer> primaryKeys,
            int numNodes,
            String error) {
        public KeyringAnswer {
            messages = Nil.copy(messages);
            keys = Nil.copy(keys);
            primaryKeys = Nil.copy(primaryKeys);
        }

        /** Without the keys, which are secrets. */
        @Override
        public String toString() {
            return "KeyringAnswer[wan=" + wan + ", datacenter=" + datacenter + ", segment=" + segment + ", messages="
                    + messages + ", numNodes=" + numNodes + ", error=" + error + "]";
        }
    }

    /** All that is known of nodes. */
    public record Dump(List<NodeDump> dump, @Embedded QueryMeta meta) {
        public Dump {
            dump = Nil.copy(dump);
        }
    }

    public record NodeDump(
            @Name("ID") String id,
            String node,
            String address,
            Map<String, String> taggedAddresses,
            Map<String, String> meta,
            List<NodeService> services,
            List<HealthCheck> checks) {
        public NodeDump {
            taggedAddresses = Nil.copy(taggedAddresses);
            meta = Nil.copy(meta);
            services = Nil.copy(services);
            checks = Nil.copy(checks);
        }
    }
}
