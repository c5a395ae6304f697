package io.sotto.gossip.keys;

import io.sotto.membership.query.InternalQuery;
import io.sotto.wire.crypto.GossipKey;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What can be done with the rings of all members at once. Source: gossip specification, section 17.7. */
public enum KeyOperation {
    /** Tell which keys are there. */
    LIST(InternalQuery.LIST_KEYS),
    /** Put a key behind the others. */
    INSTALL(InternalQuery.INSTALL_KEY),
    /** Make an installed key the primary. */
    USE(InternalQuery.USE_KEY),
    /** Take a key that is not the primary off. */
    REMOVE(InternalQuery.REMOVE_KEY);

    private final InternalQuery query;

    KeyOperation(InternalQuery query) {
        this.query = query;
    }

    /** The query that asks for it. */
    public InternalQuery query() {
        return query;
    }

    /**
     * The same as a request to one ring, which takes a copy of the key.
     *
     * @param key the one that it is about; a listing needs none
     * @throws java.util.NoSuchElementException for another operation without a key
     */
    public KeyKeeper.Request request(Optional<GossipKey> key, ActorRef<KeyKeeper.Answer> replyTo) {
        return switch (this) {
            case LIST -> new KeyKeeper.ListKeys(replyTo);
            case INSTALL -> new KeyKeeper.Install(key.orElseThrow().copy(), replyTo);
            case USE -> new KeyKeeper.Use(key.orElseThrow(), replyTo);
            case REMOVE -> new KeyKeeper.Remove(key.orElseThrow(), replyTo);
        };
    }

    /** Empty for queries that have nothing to do with keys. */
    public static Optional<KeyOperation> of(InternalQuery query) {
        for (KeyOperation operation : values()) {
            if (operation.query == query) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }
}
