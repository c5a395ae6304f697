package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.gossip.rotation.NonceBudget;
import io.sotto.gossip.rotation.SealLedger;
import io.sotto.gossip.rotation.Seals;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.NonceSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealCounterTest {
    private static final GossipKey ONE = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
    private static final GossipKey TWO = GossipKey.parse("Dw4NDAsKCQgHBgUEAwIBAA==");

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private Instant now = START;
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

    @Test
    void whatEarlierLivesMayHaveSealedCountsTooAndIsNeverLessThanWhatTheyDid(@TempDir Path directory) {
        NonceBudget budget = new NonceBudget(10_000, 50, NonceBudget.Action.WARN);
        int sealed = 0;
        for (int life = 0; life < 5; life++) {
            SealCounter living = counter(budget, directory);
            living.ring(Keyring.of(ONE));
            assertThat(living.withPrimary()).isGreaterThanOrEqualTo(sealed);
            NonceSource source = living.counted((target, offset) -> {});
            for (int i = 0; i < 300; i++) {
                source.next(new byte[12], 0);
                sealed++;
                if (i % 50 == 0) {
                    assertThat(living.writeAhead()).isEmpty();
                }
            }
            assertThat(living.withPrimary()).isLessThan(sealed + (life + 1) * 3L * budget.block());
        }
    }

    @Test
    void aKeyKeepsTheTimeSinceWhenItHasBeenThePrimary(@TempDir Path directory) {
        NonceBudget budget = NonceBudget.defaults();
        counter(budget, directory).ring(Keyring.of(ONE));
        now = now.plusSeconds(1_000);
        SealCounter next = counter(budget, directory);
        next.ring(Keyring.of(ONE));

        assertThat(next.primary().orElseThrow().since()).isEqualTo(START);
        next.ring(Keyring.of(TWO, ONE));
        assertThat(next.primary().orElseThrow()).isEqualTo(new Seals.Spent(TWO.id(), now, 0));
    }

    @Test
    void aBudgetThatRefusesGivesNoNonceBeyondIt(@TempDir Path directory) {
        SealCounter strict = counter(new NonceBudget(10_000, 50, NonceBudget.Action.REFUSE), directory);
        strict.ring(Keyring.of(ONE));
        NonceSource first = strict.counted((target, offset) -> given.incrementAndGet());
        NonceSource second = strict.counted((target, offset) -> given.incrementAndGet());
        for (int i = 0; i < 5_000; i++) {
            first.next(new byte[12], 0);
            second.next(new byte[12], 0);
        }

        assertThatThrownBy(() -> first.next(new byte[12], 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(ONE.id());
        assertThatThrownBy(() -> second.next(new byte[12], 0)).isInstanceOf(IllegalStateException.class);
        assertThat(given).hasValue(10_000);
        assertThat(strict.refused()).isEqualTo(2);

        strict.ring(Keyring.of(TWO, ONE));
        first.next(new byte[12], 0);
        assertThat(strict.withPrimary()).isEqualTo(1);
    }

    @Test
    void aSpentBudgetIsSpentInTheNextLifeToo(@TempDir Path directory) {
        NonceBudget budget = new NonceBudget(100, 50, NonceBudget.Action.REFUSE);
        SealCounter first = counter(budget, directory);
        first.ring(Keyring.of(ONE));
        NonceSource source = first.counted((target, offset) -> {});
        for (int i = 0; i < 100; i++) {
            source.next(new byte[12], 0);
        }
        assertThat(first.writeAhead()).isEmpty();
        SealCounter next = counter(budget, directory);
        next.ring(Keyring.of(ONE));

        assertThatThrownBy(() -> next.counted((target, offset) -> {}).next(new byte[12], 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsAFaultEachTimeAndCountingGoesOn(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("serf"), "not a directory");
        SealCounter living = counter(NonceBudget.defaults(), directory);

        assertThat(living.ring(Keyring.of(ONE))).isPresent();
        assertThat(living.writeAhead()).isPresent();
        assertThat(living.writeAhead()).isPresent();
        living.counted((target, offset) -> {}).next(new byte[12], 0);
        assertThat(living.withPrimary()).isEqualTo(1);
    }

    private SealCounter counter(NonceBudget budget, Path directory) {
        Path ring = directory.resolve("serf").resolve("local.keyring");
        return new SealCounter(budget, SealLedger.beside(Optional.of(ring)), () -> now);
    }

    private void seal(int times) {
        for (int i = 0; i < times; i++) {
            nonces.next(new byte[12], 0);
        }
    }
}
