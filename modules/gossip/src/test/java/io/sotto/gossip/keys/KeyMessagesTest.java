package io.sotto.gossip.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.query.KeyPage;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keys in queries and answers, of members and of anybody; {@code -Dsotto.seed=N} repeats a run. */
class KeyMessagesTest {
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final int RUNS = 5_000;
    private static final int[] KEY_BYTES = {16, 24, 32};
    private static final Limits LIMITS = Limits.defaults();

    private final Random random = seeded();

    @Test
    void aKeyComesThroughAQuestion() {
        for (int run = 0; run < RUNS; run++) {
            GossipKey key = key();

            assertThat(KeyMessages.key(KeyMessages.question(Optional.of(key)), LIMITS))
                    .as("run %s", run)
                    .isEqualTo(new KeyMessages.Asked.Of(key));
        }
        assertThat(KeyMessages.key(KeyMessages.question(Optional.empty()), LIMITS))
                .isInstanceOf(KeyMessages.Asked.Fault.class);
    }

    @Test
    void aRingComesThroughItsPages() {
        for (int run = 0; run < RUNS / 20; run++) {
            Keyring ring = ring();
            int maxBytes = 96 + random.nextInt(800);
            List<GossipKey> read = List.of();
            while (read.size() < ring.keys().size()) {
                Octets answer = KeyMessages.page(KeyPage.question(read.size()), ring, maxBytes)
                        .orElseThrow();
                KeyMessages.Page page = KeyMessages.page(answer).orElseThrow();
                assertThat(page.keys()).as("run %s", run).isNotEmpty();
                assertThat(page.of()).as("run %s", run).isEqualTo(ring.keys().size());
                read = Stream.concat(read.stream(), page.keys().stream()).toList();
            }
            assertThat(read).as("run %s", run).isEqualTo(ring.keys());
        }
    }

    @Test
    void alteredQuestionsHoldAKeyOrAReasonWithoutOne() {
        int keys = 0;
        for (int run = 0; run < RUNS; run++) {
            GossipKey key = key();
            Octets altered = altered(KeyMessages.question(Optional.of(key)));

            KeyMessages.Asked asked = KeyMessages.key(altered, LIMITS);

            if (asked instanceof KeyMessages.Asked.Fault fault) {
                assertThat(fault.reason()).as("run %s: %s", run, altered).isNotEmpty();
                assertThat(fault.reason())
                        .as("run %s: %s", run, altered)
                        .doesNotContain(key.toBase64(KeyAccess.KEY_LISTING));
            } else {
                keys++;
            }
        }
        assertThat(keys).as("altered questions that still hold a key").isBetween(1, RUNS - 1);
    }

    @Test
    void alteredAnswersAreReadAsWhatAMemberCanSayOrAsAFault() {
        int sound = 0;
        for (int run = 0; run < RUNS; run++) {
            Keyring ring = ring();
            List<String> texts = ring.keys().stream()
                    .map(key -> key.toBase64(KeyAccess.KEY_LISTING))
                    .toList();
            Octets altered =
                    altered(Octets.wrap(SerfCodec.encode(new SerfMessage.KeyResponse(true, "", texts, texts.get(0)))));

            MemberKeys read = KeyMessages.answer(altered, LIMITS);

            if (read.done()) {
                sound++;
            }
            assertThat(read.toString()).as("run %s: %s", run, altered).doesNotContain(texts);
            KeyMessages.page(altered(
                            KeyMessages.page(KeyPage.question(0), ring, 600).orElseThrow()))
                    .ifPresent(
                            page -> assertThat(page.from() + page.keys().size()).isLessThanOrEqualTo(page.of()));
        }
        assertThat(sound).as("altered answers that still say that all is well").isBetween(1, RUNS - 1);
    }

    @Test
    void noiseIsNeitherAKeyNorAPage() {
        for (int run = 0; run < RUNS; run++) {
            Octets noise = octets(random.nextInt(120));

            KeyMessages.page(noise)
                    .ifPresent(
                            page -> assertThat(page.keys().size() + page.from()).isLessThanOrEqualTo(page.of()));
            assertThat(KeyMessages.key(noise, LIMITS)).as("noise %s", noise).isNotNull();
            assertThat(KeyMessages.answer(noise, LIMITS).done())
                    .as("noise %s", noise)
                    .isFalse();
            KeyMessages.page(noise, Keyring.of(key()), 600)
                    .ifPresent(answer -> assertThat(answer.length()).isLessThanOrEqualTo(600));
        }
    }

    private static Random seeded() {
        System.out.println("key messages: repeat with -Dsotto.seed=" + SEED);
        return new Random(SEED);
    }

    private Keyring ring() {
        return Keyring.of(
                key(),
                IntStream.range(0, random.nextInt(16)).mapToObj(any -> key()).toArray(GossipKey[]::new));
    }

    private GossipKey key() {
        return GossipKey.of(octets(KEY_BYTES[random.nextInt(KEY_BYTES.length)]).toArray());
    }

    /** Bits turned, cut off, lengthened, or with another length or type somewhere. */
    private Octets altered(Octets sound) {
        byte[] bytes = sound.toArray();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
                // The descriptors of maps, lists, raw bytes and numbers with lengths of their own.
                default -> bytes[at] = (byte) (0xc0 + random.nextInt(0x20));
            }
        }
        return Octets.wrap(bytes);
    }

    private Octets octets(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Octets.wrap(bytes);
    }
}
