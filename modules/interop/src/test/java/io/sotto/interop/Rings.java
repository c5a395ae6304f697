package io.sotto.interop;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.util.Random;
import java.util.stream.IntStream;

/** An endless row of rings and keys that two processes agree on by a seed; neighbours differ in length and in every key. */
final class Rings {
    private static final int[] KEY_BYTES = {16, 24, 32};
    private static final int KEYS_MAX = 8;
    /** So that numbers next to each other give rings that share nothing. Source: the golden ratio, as hashing uses it. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private Rings() {}

    /** The ring of this number, of 1 to 8 keys. */
    static Keyring ring(long seed, int number) {
        Random random = new Random(seed + number * SPREAD);
        GossipKey primary = key(random);
        return Keyring.of(
                primary,
                IntStream.range(0, random.nextInt(KEYS_MAX))
                        .mapToObj(any -> key(random))
                        .toArray(GossipKey[]::new));
    }

    /** The key of this number. */
    static GossipKey key(long seed, int number) {
        return key(new Random(~seed + number * SPREAD));
    }

    private static GossipKey key(Random random) {
        byte[] bytes = new byte[KEY_BYTES[random.nextInt(KEY_BYTES.length)]];
        random.nextBytes(bytes);
        return GossipKey.of(bytes);
    }
}
