package io.sotto.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How secure a node is at one moment, by what it knows itself: nobody is asked for it, and who may do what by the HTTP API has no
 * part in it. Immutable; names keys by their ids, and holds nothing secret. What is known of the other members' settings is
 * {@link Pool#upshift}.
 *
 * @param at when, by this node's clock
 * @param lan the gossip of the LAN pool
 * @param wan that of the WAN pool, where there is one
 * @param tls the calls
 */
public record Posture(Instant at, Gossip lan, Optional<Gossip> wan, Tls tls) {

    /** What is done to gossip on the wire. */
    public enum Encryption {
        /** There is no key: everything is plaintext. */
        NONE,
        /** There is a key, and plaintext may still be sent, or is still taken in. */
        PARTIAL,
        /** Nothing is sent or taken in but what a key has sealed. */
        ENFORCED
    }

    /** How far this node's own settings are on the way to {@link Encryption#ENFORCED}; see docs/operate/encrypt-gossip.md. */
    public enum Step {
        /** No key. */
        PLAIN,
        /** A key, but not everything that is sent is sealed. */
        KEYED,
        /** All that is sent is sealed, and plaintext is still taken in. */
        OUTGOING,
        /** Plaintext is refused too. */
        INCOMING
    }

    /**
     * The gossip of one pool.
     *
     * @param encryption what is done to it
     * @param step how far this node's settings have come
     * @param keyIds the keys on the ring, the primary first
     * @param verifyIncoming whether plaintext is refused where there is a key
     * @param verifyOutgoing whether all that is sent is sealed where there is a key
     * @param plaintext the time in which plaintext is let in beside a key, while it lasts
     * @param plaintextFrom members that sent plaintext which was taken in, since this node has known them, and when last; by
     *     address, and so a hint
     * @param oldKeysFrom members whose latest sealed packet was sealed with another key than this node's primary, and the id of that
     *     key; a hint too
     */
    public record Gossip(
            Encryption encryption,
            Step step,
            List<String> keyIds,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            Optional<PlaintextPhase> plaintext,
            SortedMap<String, Instant> plaintextFrom,
            SortedMap<String, String> oldKeysFrom) {
        public Gossip {
            keyIds = List.copyOf(keyIds);
            plaintextFrom = Collections.unmodifiableSortedMap(new TreeMap<>(plaintextFrom));
            oldKeysFrom = Collections.unmodifiableSortedMap(new TreeMap<>(oldKeysFrom));
        }

        /** The id of the key that this node seals with. */
        public Optional<String> primaryKeyId() {
            return keyIds.stream().findFirst();
        }

        private Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("encryption", encryption.name());
            map.put("step", step.name());
            map.put("keys", keyIds.size());
            map.put("keyIds", keyIds);
            map.put("verifyIncoming", verifyIncoming);
            map.put("verifyOutgoing", verifyOutgoing);
            plaintext.ifPresent(phase -> {
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("since", phase.since().toString());
                phase.deadline().ifPresent(deadline -> told.put("deadline", deadline.toString()));
                told.put("overdueSeconds", phase.overdue().toSeconds());
                map.put("plaintext", told);
            });
            Map<String, Object> plain = new LinkedHashMap<>();
            plaintextFrom.forEach((member, when) -> plain.put(member, when.toString()));
            map.put("plaintextFrom", plain);
            map.put("oldKeysFrom", oldKeysFrom);
            return map;
        }
    }

    /**
     * The calls between members.
     *
     * @param serves whether this node has a certificate to serve TLS with
     * @param verifyIncoming whether callers must use TLS and prove themselves
     * @param verifyOutgoing whether others are called by TLS only
     * @param checksServerNames whether servers must show the name of one
     * @param minVersion the lowest version of TLS: {@code tls12} or {@code tls13}
     * @param generation which set of certificates and settings is in force, counted from 1 at the start
     * @param certificateEnds when the own certificate ceases to be valid
     * @param certificateLeft how long that is from now; negative once it is over
     * @param authorityEnds when the first of the trusted authorities ceases to be valid
     */
    public record Tls(
            boolean serves,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            boolean checksServerNames,
            String minVersion,
            long generation,
            Optional<Instant> certificateEnds,
            Optional<Duration> certificateLeft,
            Optional<Instant> authorityEnds) {
        private Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("serves", serves);
            map.put("verifyIncoming", verifyIncoming);
            map.put("verifyOutgoing", verifyOutgoing);
            map.put("checksServerNames", checksServerNames);
            map.put("minVersion", minVersion);
            map.put("generation", generation);
            certificateEnds.ifPresent(ends -> map.put("certificateEnds", ends.toString()));
            certificateLeft.ifPresent(left -> map.put("certificateLeftSeconds", left.toSeconds()));
            authorityEnds.ifPresent(ends -> map.put("authorityEnds", ends.toString()));
            return map;
        }
    }

    /** The same as maps, lists, texts, numbers and booleans, in the order of the components, for any writer of JSON. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("at", at.toString());
        map.put("lan", lan.asMap());
        wan.ifPresent(pool -> map.put("wan", pool.asMap()));
        map.put("tls", tls.asMap());
        return Collections.unmodifiableMap(map);
    }
}
