package io.sotto.cluster.upshift;

import io.sotto.gossip.keys.KeyringFault;
import io.sotto.gossip.keys.KeyringFile;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The key that the driver of a gossip upshift gives to others: one that its operator names, one that its ring or its settings have,
 * or one that is drawn. Until it is on the ring it is in a file of its own, mode 0600, so that the driver's next life has it too.
 * Owned by the driver; blocks on the disk.
 */
public final class UpshiftKeys {
    /**
     * What came of choosing.
     *
     * @param keyId of the key; empty if refused
     * @param refusal why there is none
     */
    record Choice(String keyId, Optional<String> refusal) {
        static Choice of(GossipKey key) {
            return new Choice(key.id(), Optional.empty());
        }

        static Choice refused(String why) {
            return new Choice("", Optional.of(why));
        }
    }

    private static final int KEY_BYTES = 32;

    private final Footing footing;
    private final Optional<KeyringFile> file;
    private final Consumer<byte[]> entropy;
    private Optional<GossipKey> chosen = Optional.empty();

    /**
     * @param file where a key waits that is on no ring yet
     * @param entropy fills an array with unpredictable bytes
     */
    public UpshiftKeys(Footing footing, Optional<Path> file, Consumer<byte[]> entropy) {
        this.footing = footing;
        this.file = file.map(KeyringFile::new);
        this.entropy = entropy;
    }

    /** For an upshift that is about to begin or to be taken over. */
    Choice choose(Optional<GossipKey> given, Standing standing, Census.Seen seen) {
        Optional<String> wanted = standing.keyId();
        if (wanted.isPresent()) {
            Optional<GossipKey> known =
                    given.filter(key -> key.id().equals(wanted.get())).or(() -> onRing(wanted.get()));
            List<String> holders = seen.holding(wanted.get());
            if (known.isPresent()) {
                return take(known.get());
            }
            if (!holders.isEmpty()) {
                return Choice.refused("the upshift under way is about key " + wanted.get()
                        + ", which this node lacks: run it on one that has it: " + String.join(", ", holders));
            }
        }
        Optional<GossipKey> own =
                given.or(() -> footing.ring().stream().findFirst()).or(footing::configuredKey);
        if (own.isPresent()) {
            return take(own.get());
        }
        List<String> keyed = seen.reports().entrySet().stream()
                .filter(report -> report.getValue().said().gossip().isPresent())
                .map(report -> report.getKey() + " ("
                        + report.getValue().said().gossip().get().primary() + ")")
                .sorted()
                .toList();
        if (!keyed.isEmpty()) {
            return Choice.refused("this node has no key and others have: run it on one of them, or name the key: "
                    + String.join(", ", keyed));
        }
        byte[] bytes = new byte[KEY_BYTES];
        entropy.accept(bytes);
        try {
            return took(GossipKey.of(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private Choice take(GossipKey key) {
        return took(key.copy());
    }

    private Choice took(GossipKey own) {
        chosen.ifPresent(GossipKey::wipe);
        chosen = Optional.of(own);
        return Choice.of(own);
    }

    /** The key that an earlier life gave to others; it may be lost. */
    void find(String keyId) {
        Optional<GossipKey> known = onRing(keyId);
        if (known.isPresent()) {
            take(known.get());
            return;
        }
        try {
            Optional<Keyring> kept = file.isPresent() ? file.get().load() : Optional.empty();
            kept.flatMap(ring -> ring.keys().stream()
                            .filter(key -> key.id().equals(keyId))
                            .findFirst())
                    .ifPresent(this::took);
        } catch (KeyringFault unreadable) {
            // Then it is lost, and members say that they lack it.
            chosen = Optional.empty();
        }
    }

    /** Sees to it that the next life has the key; why that cannot be, if so. */
    Optional<String> keep() {
        if (file.isEmpty() || chosen.isEmpty() || onRing(chosen.get().id()).isPresent()) {
            return Optional.empty();
        }
        try {
            file.get().store(Keyring.of(chosen.get()), KeyringFile.Layout.COMPACT);
            return Optional.empty();
        } catch (KeyringFault fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** It is over: what is on no ring is gone. Why the file stays, if it does. */
    Optional<String> forget() {
        chosen.ifPresent(GossipKey::wipe);
        chosen = Optional.empty();
        try {
            if (file.isPresent()) {
                file.get().remove();
            }
            return Optional.empty();
        } catch (KeyringFault fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** For looking at others: the one that is given to them, or the one that this node seals with. */
    Optional<GossipKey> present() {
        return chosen.or(() -> footing.ring().stream().findFirst());
    }

    /** What goes with an order. */
    Optional<GossipKey> of(UpshiftRecord record) {
        if (record.kind() != UpshiftKind.GOSSIP) {
            return Optional.empty();
        }
        return chosen.filter(key -> key.id().equals(record.keyId())).or(() -> onRing(record.keyId()));
    }

    /** The ids of all that are here. */
    Set<String> ids() {
        Set<String> ids = new HashSet<>();
        footing.ring().forEach(key -> ids.add(key.id()));
        chosen.ifPresent(key -> ids.add(key.id()));
        return ids;
    }

    /** The id of the key that an upshift would be about; empty if there is none yet. */
    String likely() {
        return footing.ring().stream()
                .findFirst()
                .or(footing::configuredKey)
                .map(GossipKey::id)
                .orElse("");
    }

    private Optional<GossipKey> onRing(String keyId) {
        return footing.ring().stream().filter(key -> key.id().equals(keyId)).findFirst();
    }
}
