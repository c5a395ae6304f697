package io.sotto.agent.runtime;

import com.typesafe.config.ConfigValueFactory;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to tell an operator who configured a key although the data directory holds a keyring, which wins.
 *
 * <p>Only tells; the cluster module loads the ring and refuses one that it cannot read. Source: agent behaviour, section 3:
 * the first line is that of the older guides, printed whenever both exist, the second that of 1.8, for a key that is
 * not on the ring.
 */
enum KeyringNotice {
    /** No key is configured, or there is no ring. */
    NONE,
    /** There are both, and the key is on the ring. */
    RING_HAS_KEY,
    /** There are both, and the ring does not hold the key. */
    RING_LACKS_KEY;

    /** The ring of one pool. */
    enum Ring {
        LAN("local.keyring"),
        WAN("remote.keyring");

        private final String file;

        Ring(String file) {
            this.file = file;
        }

        private Path in(Path dataDir) {
            return dataDir.resolve("serf").resolve(file);
        }

        /** The line for standard error where there are both. */
        String bothExist() {
            return "==> WARNING: " + this + " keyring exists but -encrypt given, using keyring";
        }

        /** The line for the log where the ring lacks the key; with the two spaces of the original. */
        String keyNotOnRing() {
            return " keyring doesn't include key provided with -encrypt, using keyring: keyring=" + this;
        }
    }

    /** What there is to tell of the ring of each pool that this agent is a member of. */
    static SortedMap<Ring, KeyringNotice> of(AgentSettings settings) {
        SortedMap<Ring, KeyringNotice> notices = new TreeMap<>();
        for (Ring ring : Ring.values()) {
            if (ring == Ring.LAN || settings.wan().enabled()) {
                boolean isKept = settings.encrypt().isPresent()
                        && settings.dataDir().isPresent()
                        && !settings.disableKeyringFile();
                notices.put(
                        ring,
                        isKept ? of(settings.encrypt().get(), settings.dataDir().get(), ring) : NONE);
            }
        }
        return notices;
    }

    /** Looks at the file of this ring under {@code <dataDir>/serf}. */
    static KeyringNotice of(GossipKey configured, Path dataDir, Ring ring) {
        if (!Files.exists(ring.in(dataDir))) {
            return NONE;
        }
        try {
            for (Json key : Json.parse(Files.readString(ring.in(dataDir))).asElements()) {
                if (GossipKey.parse(key.asText()).equals(configured)) {
                    return RING_HAS_KEY;
                }
            }
            return RING_LACKS_KEY;
        } catch (IOException | JsonException | IllegalArgumentException unreadable) {
            // The start fails on it a moment later, with the reason.
            return RING_LACKS_KEY;
        }
    }

    /** The same configuration without the key, so that the node does not warn once more: where every ring wins over it. */
    static LoadResult.Loaded withoutKey(LoadResult.Loaded loaded) {
        return new LoadResult.Loaded(
                loaded.settings(),
                loaded.config().withValue("sotto.encrypt", ConfigValueFactory.fromAnyRef("")),
                loaded.warnings());
    }

    static boolean ringExists(Path dataDir) {
        return Files.exists(Ring.LAN.in(dataDir));
    }
}
