package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What passes once passes once. */
class ReplayGuardTest {
    private static final long SEED = 20_261_122;
    private static final GossipKey KEY = key(1);
    private static final GossipKey OTHER = key(2);
    private static final long PREFIX = 0x0102_0304_0506_0708L;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private long nanos;
    private final ReplayGuard guard = guard(64, 1_000);

    @Test
    void turnsAwayTheSecondOfTwoEqualNoncesWhetherTheSenderCountsOrNot() {
        assertThat(passes(PREFIX, 7)).isTrue();
        assertThat(passes(PREFIX, 7)).as("not known to count yet").isFalse();
        assertThat(passes(PREFIX, 8)).isTrue();
        assertThat(passes(PREFIX, 7)).as("counts").isFalse();
        assertThat(passes(PREFIX, 8)).isFalse();
    }

    @Test
    void letsAnyOrderWithinTheWindowPassOnceAndNothingTwice() {
        for (int run = 0; run < 200; run++) {
            long prefix = random.nextLong();
            int base = random.nextInt(1 << 20);
            int displacedBy = 1 + random.nextInt(ReplayGuard.WIDTH - 1);
            List<Integer> order = nearlySorted(base, 4_000, displacedBy);
            for (int counter : order) {
                assertThat(passes(prefix, counter))
                        .as("seed %s, run %s, nonce %s + %s", SEED, run, base, counter - base)
                        .isTrue();
            }
            for (int counter : order) {
                assertThat(passes(prefix, counter)).as("again").isFalse();
            }
        }
    }

    @Test
    void agreesWithASetThatForgetsNothingWhateverGapsRepetitionsAndOrderThereAre() {
        for (int run = 0; run < 100; run++) {
            long prefix = random.nextLong();
            Set<Long> seen = new HashSet<>();
            long highest = random.nextInt(1 << 20);
            passes(prefix, (int) highest);
            seen.add(highest);
            passes(prefix, (int) ++highest);
            seen.add(highest);
            for (int i = 0; i < 3_000; i++) {
                long counter = Math.max(0, highest + random.nextInt(-1_500, random.nextInt(2) == 0 ? 3 : 2_500));
                boolean isNew = highest - counter < ReplayGuard.WIDTH && !seen.contains(counter);

                assertThat(passes(prefix, (int) counter))
                        .as("seed %s, run %s, step %s: %s after %s", SEED, run, i, counter, highest)
                        .isEqualTo(isNew);
                seen.add(counter);
                highest = Math.max(highest, counter);
            }
        }
    }

    @Test
    void turnsAwayWhatIsOlderThanTheWindowEvenIfItNeverCame() {
        passes(PREFIX, 5_000);
        passes(PREFIX, 5_001);

        assertThat(passes(PREFIX, 5_001 - ReplayGuard.WIDTH)).isFalse();
        assertThat(passes(PREFIX, 5_002 - ReplayGuard.WIDTH)).isTrue();
    }

    @Test
    void noSingleEnvelopeMutesItsPrefix() {
        passes(PREFIX, 1);
        passes(PREFIX, 2);

        assertThat(passes(PREFIX, -1)).as("the highest nonce there is").isTrue();
        assertThat(passes(PREFIX, 3)).isTrue();
        assertThat(passes(PREFIX, -1)).as("remembered all the same").isFalse();
    }

    @Test
    void noSingleEnvelopeMutesItsPrefixThoughItBeTheFirst() {
        assertThat(passes(PREFIX, 1 << 19)).isTrue();

        assertThat(passes(PREFIX, 4)).isTrue();
        assertThat(passes(PREFIX, 5)).isTrue();
        assertThat(passes(PREFIX, 4)).isFalse();
    }

    @Test
    void whoHoldsAnotherKeyDoesNotMoveTheWindow() {
        passes(PREFIX, 1);
        passes(PREFIX, 2);

        for (int counter = 3; counter < 3_000; counter++) {
            guard.judge(EnvelopeVersion.V1, PREFIX, counter, OTHER);
        }

        assertThat(passes(PREFIX, 3)).isTrue();
    }

    @Test
    void aPrefixIsOverAtAllOnceItsSenderMustHaveDrawnAnother() {
        passes(PREFIX, 1);
        passes(PREFIX, 2);
        nanos += Duration.ofMinutes(12).toNanos();
        assertThat(passes(PREFIX, 3)).isTrue();

        nanos += 1;

        assertThat(passes(PREFIX, 4)).as("recorded and never seen here").isFalse();
    }

    @Test
    void forgetsRandomNoncesAfterTheirTime() {
        long[] nonces = random.longs(500).toArray();
        for (long nonce : nonces) {
            assertThat(passes(nonce, 1)).isTrue();
        }
        nanos += Duration.ofMinutes(2).toNanos();
        for (long nonce : nonces) {
            assertThat(passes(nonce, 1)).isFalse();
        }
        assertThat(guard.duplicates()).isEqualTo(500);

        nanos += 1;
        for (int i = 0; i < 500; i++) {
            passes(random.nextLong(), 1);
        }

        assertThat(guard.duplicates()).isEqualTo(500);
        assertThat(passes(nonces[0], 1)).isTrue();
        assertThat(guard.forgotten()).as("nothing before its time").isZero();
    }

    @Test
    void bothMemoriesAreBoundedAndCountWhatTheyForget() {
        for (int i = 0; i < 5_000; i++) {
            long prefix = random.nextLong();
            passes(prefix, 1);
            passes(prefix, 2);
        }

        assertThat(guard.windows()).isEqualTo(64);
        assertThat(guard.duplicates()).isEqualTo(1_024);
        assertThat(guard.forgotten()).isEqualTo(5_000 - 64 + 5_000 - 1_024);
    }

    @Test
    void afterARestartWhatCameBeforePassesOnceMore() {
        passes(PREFIX, 1);
        passes(PREFIX, 2);
        ReplayGuard restarted = guard(64, 1_000);

        assertThat(restarted.judge(EnvelopeVersion.V1, PREFIX, 1, KEY)).isNull();
        assertThat(restarted.judge(EnvelopeVersion.V1, PREFIX, 1, KEY)).isNotNull();
    }

    @Test
    void everyNonceOfACountingSourcePassesThroughAllItsPrefixes() {
        CountedNonceSource source = new CountedNonceSource(random::nextBytes, () -> nanos / 1_000_000, () -> nanos);
        Sealer sealer = new Sealer(source);
        Opener opener = new Opener(guard);
        List<Octets> lately = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            nanos += Duration.ofMillis(random.nextInt(1_000)).toNanos();
            Octets sealed = Octets.wrap(sealer.seal(KEY, new byte[] {8, 1}, 0, 2, Octets.empty()));
            lately.add(sealed);
            assertThat(opener.open(Keyring.of(KEY), sealed, Octets.empty()))
                    .as("seed %s, envelope %s", SEED, i)
                    .isInstanceOf(Opened.Plain.class);
        }
        for (Octets again : lately) {
            assertThat(opener.open(Keyring.of(KEY), again, Octets.empty()))
                    .isInstanceOfSatisfying(
                            Opened.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.REPLAY));
        }
    }

    @Test
    void whatNoKeyOpensIsNotRemembered() {
        Octets sealed = Octets.wrap(new Sealer((target, at) -> Arrays.fill(target, at, at + 12, (byte) 5))
                .seal(KEY, new byte[] {8, 1}, 0, 2, Octets.empty()));
        byte[] altered = sealed.toArray();
        altered[altered.length - 1] ^= 1;
        Opener opener = new Opener(guard);

        opener.open(Keyring.of(KEY), Octets.wrap(altered), Octets.empty());

        assertThat(opener.open(Keyring.of(KEY), sealed, Octets.empty())).isInstanceOf(Opened.Plain.class);
    }

    @Test
    void version0IsTurnedAwayWithoutSpendingItsNonce() {
        Octets sealed = Octets.wrap(new Sealer((target, at) -> Arrays.fill(target, at, at + 12, (byte) 5))
                .seal(KEY, new byte[] {8, 1}, 0, 2, Octets.empty()));
        byte[] asVersion0 = new Sealer((target, at) -> Arrays.fill(target, at, at + 12, (byte) 5), EnvelopeVersion.V0)
                .seal(KEY, new byte[] {8, 1}, 0, 2, Octets.empty());
        Opener opener = new Opener(EnvelopeGuard.withoutVersion0(guard));

        assertThat(opener.open(Keyring.of(KEY), Octets.wrap(asVersion0), Octets.empty()))
                .isInstanceOfSatisfying(
                        Opened.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.VERSION));
        assertThat(opener.open(Keyring.of(KEY), sealed, Octets.empty())).isInstanceOf(Opened.Plain.class);
    }

    private boolean passes(long prefix, int counter) {
        return guard.judge(EnvelopeVersion.V1, prefix, counter, KEY) == null;
    }

    private ReplayGuard guard(int windowsMax, int duplicatesMax) {
        return new ReplayGuard(
                new ReplayGuard.Settings(windowsMax, Duration.ofMinutes(2), duplicatesMax), () -> nanos, SEED);
    }

    /** Each of so many numbers once, none further than {@code displacedBy} behind one that is greater. */
    private List<Integer> nearlySorted(int base, int count, int displacedBy) {
        List<Integer> order = new ArrayList<>();
        List<Integer> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            held.add(base + i);
            // The eldest may wait until it would fall out of the window, and no longer.
            while (held.get(0) + displacedBy <= base + i || (held.size() > 1 && random.nextInt(3) == 0)) {
                boolean mustGo = held.get(0) + displacedBy <= base + i;
                order.add(held.remove(mustGo ? 0 : random.nextInt(held.size())));
            }
        }
        order.addAll(held);
        return order;
    }

    private static GossipKey key(int fill) {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) fill);
        return GossipKey.of(bytes);
    }
}
