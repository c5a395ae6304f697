package io.sotto.wire.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.Seed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnwrapperTest {
    private static final Limits LIMITS = Limits.defaults();
    private static final Octets A = Octets.hex("08aa");
    private static final Octets B = Octets.hex("0bbb");
    private static final Octets C = Octets.hex("05cc");

    @Test
    void aBareMessageComesBackAsItIs() {
        assertThat(Unwrapper.unwrap(A, LIMITS)).isEqualTo(new Unwrapper.Unwrapped(List.of(A), List.of()));
    }

    @Test
    void nestedLayersAreOpenedInTheirOrder() {
        Octets packet = compressed(compound(A, compressed(compound(B, A)), C));
        assertThat(Unwrapper.unwrap(packet, LIMITS)).isEqualTo(new Unwrapper.Unwrapped(List.of(A, B, A, C), List.of()));
    }

    @Test
    void fourLayersAreOpenedAndAFifthIsNot() {
        Octets four = compound(compound(compound(compound(A))));
        assertThat(Unwrapper.unwrap(four, LIMITS).messages()).containsExactly(A);
        Unwrapper.Unwrapped five = Unwrapper.unwrap(compound(B, compressed(four), C), LIMITS);
        assertThat(five.messages()).containsExactly(B, C);
        assertThat(reasons(five)).containsExactly(Reason.NESTING);
    }

    @Test
    void whatIsBadIsDroppedAndTheRestIsHad() {
        Octets badCompressed = Octets.hex("0982a4416c676f01a3427566a0");
        Octets badCompound = Octets.hex("0703");
        Octets cut = Octets.hex("0702000100050b");
        Unwrapper.Unwrapped unwrapped =
                Unwrapper.unwrap(compound(A, badCompressed, Octets.empty(), badCompound, cut, B), LIMITS);
        assertThat(unwrapped.messages()).containsExactly(A, Octets.hex("0b"), B);
        assertThat(reasons(unwrapped))
                .containsExactly(Reason.COMPRESSION, Reason.TYPE, Reason.COMPOUND, Reason.COMPOUND);
    }

    @Test
    void anEmptyPacketAndEmptyLayersHaveNoTypeByte() {
        for (Octets packet : List.of(Octets.empty(), compressed(Octets.empty()), compound(Octets.empty()))) {
            Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(packet, LIMITS);
            assertThat(unwrapped.messages()).isEmpty();
            assertThat(reasons(unwrapped)).containsExactly(Reason.TYPE);
        }
    }

    @Test
    void allLayersTogetherUnpackToSoMuchAndNoMore() {
        Octets half = compressed(user(33_000));
        Unwrapper.Unwrapped one = Unwrapper.unwrap(compound(half, A), LIMITS);
        assertThat(one.messages()).hasSize(2);
        Unwrapper.Unwrapped two = Unwrapper.unwrap(compound(half, half, A), LIMITS);
        assertThat(two.messages()).hasSize(2).last().isEqualTo(A);
        assertThat(reasons(two)).containsExactly(Reason.EXPANSION);
        assertThat(reasons(Unwrapper.unwrap(compressed(user(100_000)), LIMITS))).containsExactly(Reason.EXPANSION);
    }

    @Test
    void anyBytesGiveAnAnswerWithinTheBounds() {
        Random random = Seed.random();
        Octets[] seeds = {compressed(compound(A, B, C)), compound(A, compressed(B), compound(C, C)), compound(A, B)};
        for (int i = 0; i < 30_000; i++) {
            byte[] hostile = seeds[random.nextInt(seeds.length)].toArray();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
            }
            Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(Octets.wrap(hostile), LIMITS);
            assertThat(unwrapped.messages()).as(Seed.hint()).allMatch(message -> !message.isEmpty());
            assertThat(unwrapped.messages().stream().mapToInt(Octets::length).sum())
                    .as(Seed.hint())
                    .isLessThanOrEqualTo(LIMITS.unpackedDatagramMaxBytes() + hostile.length);
        }
    }

    private static List<Reason> reasons(Unwrapper.Unwrapped unwrapped) {
        return unwrapped.faults().stream().map(Unwrapper.Fault::reason).toList();
    }

    private static Octets user(int length) {
        byte[] user = new byte[length];
        user[0] = 8;
        return Octets.wrap(user);
    }

    private static Octets compound(Octets... parts) {
        return Octets.wrap(Compound.pack(List.of(parts)).get(0));
    }

    private static Octets compressed(Octets message) {
        return Octets.wrap(Compression.compress(message.toArray(), 0, message.length()));
    }
}
