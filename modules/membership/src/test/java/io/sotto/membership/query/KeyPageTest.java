package io.sotto.membership.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Seeds;
import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages of rings, as sotto members write them and as anybody might. */
class KeyPageTest {
    private static final int RUNS = 5_000;
    private static final int[] KEY_BYTES = {16, 24, 32};
    private static final int PLACES_MAX = 4_096;

    private final Random random = Seeds.random();

    @Test
    void whatIsWrittenIsReadAndFitsWhereItWasToFit() {
        for (int run = 0; run < RUNS; run++) {
            List<Octets> ring = ring(random.nextInt(65));
            int from = random.nextInt(ring.size() + 3);
            int maxBytes = 64 + random.nextInt(1_400);

            KeyPage page = KeyPage.of(ring, octets(8), Math.min(from, ring.size()), maxBytes);
            Octets bytes = page.encode();

            assertThat(bytes.length()).as("run %s", run).isLessThanOrEqualTo(maxBytes);
            assertThat(KeyPage.decode(bytes)).as("run %s", run).contains(page);
            assertThat(KeyPage.asked(KeyPage.question(from))).as("run %s", run).contains(from);
        }
    }

    @Test
    void pagesOneAfterTheOtherAreTheRing() {
        for (int run = 0; run < RUNS / 20; run++) {
            List<Octets> ring = ring(1 + random.nextInt(64));
            int maxBytes = 96 + random.nextInt(500);
            List<Octets> read = new ArrayList<>();
            while (read.size() < ring.size()) {
                KeyPage page = KeyPage.of(ring, Octets.utf8("ring"), read.size(), maxBytes);
                assertThat(page.keys())
                        .as("run %s, a page of %s bytes", run, maxBytes)
                        .isNotEmpty();
                read.addAll(page.keys());
            }
            assertThat(read).as("run %s", run).isEqualTo(ring);
        }
    }

    @Test
    void whatSomebodyAltersIsReadAsAPageThatCanBeOrNotAtAll() {
        int pages = 0;
        for (int run = 0; run < RUNS; run++) {
            Octets sound =
                    KeyPage.of(ring(random.nextInt(12)), octets(8), 0, 600).encode();
            Octets altered = altered(sound);

            Optional<KeyPage> read = KeyPage.decode(altered);
            if (read.isPresent()) {
                pages++;
                KeyPage page = read.get();
                assertThat(page.from()).as("run %s: %s", run, altered).isBetween(0, PLACES_MAX);
                assertThat(page.from() + page.keys().size())
                        .as("run %s: %s", run, altered)
                        .isLessThanOrEqualTo(page.of());
                assertThat(page.of()).as("run %s: %s", run, altered).isLessThanOrEqualTo(PLACES_MAX);
                assertThat(KeyPage.decode(page.encode()))
                        .as("run %s: %s", run, altered)
                        .contains(page);
            }
            KeyPage.asked(altered(KeyPage.question(random.nextInt(PLACES_MAX))))
                    .ifPresent(from -> assertThat(from).isBetween(0, PLACES_MAX));
        }
        assertThat(pages).as("altered pages that are still pages").isBetween(1, RUNS - 1);
    }

    @Test
    void noiseIsNoPage() {
        for (int run = 0; run < RUNS; run++) {
            Octets noise = octets(random.nextInt(120));
            KeyPage.asked(noise).ifPresent(from -> assertThat(from).isBetween(0, PLACES_MAX));
            KeyPage.decode(noise)
                    .ifPresent(page -> assertThat(KeyPage.decode(page.encode())).contains(page));
        }
    }

    @Test
    void noKeyShowsInItsText() {
        Octets key = octets(16);

        assertThat(KeyPage.of(List.of(key), Octets.utf8("ring"), 0, 600)).hasToString("KeyPage[1 of 1 keys from 0]");
    }

    private List<Octets> ring(int keys) {
        List<Octets> ring = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            ring.add(octets(KEY_BYTES[random.nextInt(KEY_BYTES.length)]));
        }
        return ring;
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
