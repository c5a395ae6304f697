package io.sotto.agent.runtime;

import com.typesafe.config.ConfigValueFactory;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    static final String BOTH_EXIST = "==> WARNING: LAN keyring exists but -encrypt given, using keyring";
    /** With the two spaces of the original. */
    static final String KEY_NOT_ON_RING =
            " keyring doesn't include key provided with -encrypt, using keyring: keyring=LAN";

    /** Looks at {@code <dataDir>/serf/local.keyring}. */
    static KeyringNotice of(GossipKey configured, Path dataDir) {
        if (!ringExists(dataDir)) {
            return NONE;
        }
        try {
            for (Json key : Json.parse(Files.readString(ring(dataDir))).asElements()) {
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

    /** The same configuration, without the key where the ring wins over it, so that the node does not warn once more. */
    LoadResult.Loaded withoutNeedlessKey(LoadResult.Loaded loaded) {
        return this == NONE
                ? loaded
                : new LoadResult.Loaded(
                        loaded.settings(),
                        loaded.config().withValue("sotto.encrypt", ConfigValueFactory.fromAnyRef("")),
                        loaded.warnings());
    }

    static boolean ringExists(Path dataDir) {
        return Files.exists(ring(dataDir));
    }

    private static Path ring(Path dataDir) {
        return dataDir.resolve("serf").resolve("local.keyring");
    }
}
