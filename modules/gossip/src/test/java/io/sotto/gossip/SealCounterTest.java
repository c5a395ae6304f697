package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.NonceSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SealCounterTest {
    private static final GossipKey ONE = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
    private static final GossipKey TWO = GossipKey.parse("Dw4NDAsKCQgHBgUEAwIBAA==");

    private final SealCounter counter = new SealCounter();
    private final AtomicInteger given = new AtomicInteger();
    private final NonceSource nonces = counter.counted((target, offset) -> given.incrementAndGet());

    @Test
    void everyNonceIsGivenByTheSourceAndCountedOnce() {
        counter.ring(Keyring.of(ONE));
        seal(3);

        assertThat(given).hasValue(3);
        assertThat(counter.total()).isEqualTo(3);
        assertThat(counter.withPrimary()).isEqualTo(3);
    }

    @Test
    void aNewPrimaryKeyHasSealedNothingYet() {
        counter.ring(Keyring.of(ONE));
        seal(3);
        counter.ring(Keyring.of(TWO, ONE));
        seal(2);

        assertThat(counter.withPrimary()).isEqualTo(2);
        assertThat(counter.total()).isEqualTo(5);
    }

    @Test
    void aKeyThatBecomesPrimaryAgainGoesOnWhereItStood() {
        counter.ring(Keyring.of(ONE));
        seal(3);
        counter.ring(Keyring.of(TWO, ONE));
        seal(2);
        counter.ring(Keyring.of(ONE, TWO));
        seal(1);

        assertThat(counter.withPrimary()).isEqualTo(4);
    }

    @Test
    void aKeyThatWasRemovedIsForgotten() {
        counter.ring(Keyring.of(ONE));
        seal(3);
        counter.ring(Keyring.of(TWO));
        counter.ring(Keyring.of(ONE));

        assertThat(counter.withPrimary()).isZero();
    }

    private void seal(int times) {
        for (int i = 0; i < times; i++) {
            nonces.next(new byte[12], 0);
        }
    }
}
