package io.sotto.gossip.keys;

import io.sotto.membership.EventSettings;
import io.sotto.membership.query.KeyAnswer;
import io.sotto.membership.query.KeyPage;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.util.List;
import java.util.Optional;

/**
 * Keys as queries and their answers carry them: the one place where they turn into bytes that travel, and back. What it
 * gives may only leave sealed. Stateless; nothing that a peer said makes it throw.
 *
 * <p>Source: gossip specification, sections 16.9 and 16.10; pages are ours.
 */
public final class KeyMessages {
    /** A key in a query of another, or why there is none. */
    public sealed interface Asked {
        /** This one. */
        record Of(GossipKey key) implements Asked {}

        /** None, or none that is one; the reason is Serf's where it has one. */
        record Fault(String reason) implements Asked {}
    }

    /** Part of a member's ring; see {@link KeyPage}. */
    public record Page(int from, List<GossipKey> keys, int of, Octets ring) {
        public Page {
            keys = List.copyOf(keys);
        }
    }

    private KeyMessages() {}

    /** The payload of a query for an operation with this key, or for a listing. */
    public static Octets question(Optional<GossipKey> key) {
        Octets raw =
                key.map(given -> Octets.wrap(given.bytes(KeyAccess.KEY_QUERY))).orElse(Octets.empty());
        return Octets.wrap(SerfCodec.encode(new SerfMessage.KeyRequest(raw)));
    }

    /** The key that a query of another is about. */
    public static Asked key(Octets question, Limits limits) {
        if (SerfCodec.decode(question, limits) instanceof DecodedSerf.Message decoded
                && decoded.message() instanceof SerfMessage.KeyRequest request) {
            try {
                return new Asked.Of(GossipKey.of(request.key().toArray()));
            } catch (IllegalArgumentException e) {
                return new Asked.Fault(String.valueOf(e.getMessage()));
            }
        }
        return new Asked.Fault("the query holds no key request");
    }

    /** The whole answer of {@code self} to a query for a listing; empty when not even a ring without keys has room. */
    public static Optional<Octets> listing(SerfMessage.Query query, String self, Keyring ring, EventSettings settings) {
        List<String> keys = ring.keys().stream()
                .map(key -> key.toBase64(KeyAccess.KEY_LISTING))
                .toList();
        return KeyAnswer.list(query, self, keys, keys.isEmpty() ? "" : keys.get(0), settings);
    }

    /** What a member answered, in Serf's form. */
    public static MemberKeys answer(Octets payload, Limits limits) {
        if (SerfCodec.decode(payload, limits) instanceof DecodedSerf.Message decoded
                && decoded.message() instanceof SerfMessage.KeyResponse response) {
            try {
                return new MemberKeys(
                        response.result(),
                        response.message(),
                        response.keys().stream().map(GossipKey::parse).toList(),
                        response.primaryKey().isEmpty()
                                ? Optional.empty()
                                : Optional.of(GossipKey.parse(response.primaryKey())));
            } catch (IllegalArgumentException e) {
                return MemberKeys.failed("its answer lists what is no key: " + e.getMessage());
            }
        }
        return MemberKeys.failed("its answer is none to a key query");
    }

    /** The payload that answers the question for a page; empty for what is no such question. */
    public static Optional<Octets> page(Octets question, Keyring ring, int maxBytes) {
        return KeyPage.asked(question)
                .map(from -> KeyPage.of(
                                ring.keys().stream()
                                        .map(key -> Octets.wrap(key.bytes(KeyAccess.KEY_LISTING)))
                                        .toList(),
                                Octets.utf8(Integer.toHexString(ring.hashCode())),
                                from,
                                maxBytes)
                        .encode());
    }

    /** The page that a member answered with; empty for what is none. */
    public static Optional<Page> page(Octets payload) {
        try {
            return KeyPage.decode(payload)
                    .map(page -> new Page(
                            page.from(),
                            page.keys().stream()
                                    .map(key -> GossipKey.of(key.toArray()))
                                    .toList(),
                            page.of(),
                            page.ring()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
