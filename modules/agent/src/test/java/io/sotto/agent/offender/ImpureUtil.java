package io.sotto.agent.offender;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import java.security.SecureRandom;
import java.time.Instant;
import org.apache.pekko.Done;
import org.slf4j.LoggerFactory;

/** Breaks every rule that a class can break alone. Never run. */
final class ImpureUtil {
    private ImpureUtil() {}

    static Instant clock() {
        return Instant.now();
    }

    static SecureRandom chance() {
        return new SecureRandom();
    }

    static byte[] key(GossipKey key) {
        return key.bytes(KeyAccess.KEY_QUERY);
    }

    static Done pekko() {
        return Done.getInstance();
    }

    static void log() {
        LoggerFactory.getLogger("offender").info("impure");
    }

    static Thread thread() {
        return new Thread(ImpureUtil::log);
    }
}
