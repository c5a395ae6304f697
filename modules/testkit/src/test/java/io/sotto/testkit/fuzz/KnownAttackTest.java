package io.sotto.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Compression;
import io.sotto.wire.packet.Label;
import io.sotto.wire.packet.Unwrapper;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownAttackTest {
    private static final Limits LIMITS = Limits.defaults();

    @ParameterizedTest
    @EnumSource(KnownAttack.class)
    void givesNoMessage(KnownAttack attack) {
        assertThat(attack.datagrams()).isNotEmpty().allSatisfy(datagram -> {
            assertThat(datagram.length()).isLessThanOrEqualTo(65_507 - SealForge.SEAL_BYTES - 257);
            assertThat(messages(datagram)).as(attack.label()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(KnownAttack.class)
    void isTheSameBehindASeal(KnownAttack attack) {
        FuzzTarget target = Targets.sealed().labelled(Targets.LABEL);
        for (int i = 0; i < attack.datagrams().size(); i++) {
            Octets sealed = attack.sealed(target).get(i);
            Label.Admitted rest = Label.admit(sealed, Targets.LABEL, false);
            Opened opened =
                    new Opener().open(Keyring.of(Targets.KEY), ((Label.Admitted.Rest) rest).rest(), Targets.LABEL);
            assertThat(((Opened.Plain) opened).plain())
                    .isEqualTo(attack.datagrams().get(i));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KnownAttack.class,
            names = {"BOMB", "BOMB_IN_LAYERS", "COMPRESSION_90_DEEP", "LISTS_60000_DEEP", "LENGTHS_OF_2_TO_THE_31"})
    void isRefusedOnStreams(KnownAttack attack) {
        List<Octets> streams = attack.streams();
        assertThat(streams).isNotEmpty();
        for (Octets stream : streams) {
            StreamPolicy policy = new StreamPolicy(Optional.empty(), true, true, Octets.empty(), false, true);
            StreamReader reader = new StreamReader(StreamRole.REQUEST, policy, LIMITS, new Opener());
            // What is announced beyond all bounds is refused at once; what only needs more is refused at the end.
            reader.feed(stream);
            assertThat(reader.end()).as(attack.label()).isInstanceOf(StreamProgress.Refused.class);
        }
    }

    @Test
    void nestedCompoundsAreRefusedForTheirDepthAndBombsForTheirSize() {
        assertThat(reasons(KnownAttack.COMPOUNDS_16000_DEEP)).containsOnly(Reason.NESTING);
        assertThat(reasons(KnownAttack.COMPRESSION_90_DEEP)).containsOnly(Reason.NESTING, Reason.EXPANSION);
        assertThat(reasons(KnownAttack.BOMB)).containsOnly(Reason.EXPANSION);
    }

    @Test
    void ninetyLayersAreAroundAMessageThatWouldBeTaken() {
        Octets bytes = KnownAttack.COMPRESSION_90_DEEP.streams().get(0);
        for (int layer = 0; layer < 90; layer++) {
            Compression.Decompressed inner = Compression.decompress(bytes.slice(1, bytes.length() - 1), 1 << 24, 16);
            bytes = ((Compression.Decompressed.Plain) inner).plain();
        }
        assertThat(SwimCodec.decode(bytes, LIMITS)).isInstanceOf(Decoded.Message.class);
    }

    private static Set<Reason> reasons(KnownAttack attack) {
        return attack.datagrams().stream()
                .flatMap(datagram -> Unwrapper.unwrap(datagram, LIMITS).faults().stream())
                .map(Unwrapper.Fault::reason)
                .collect(Collectors.toSet());
    }

    private static long messages(Octets datagram) {
        if (!(Label.admit(datagram, Octets.empty(), false) instanceof Label.Admitted.Rest rest)
                || !(Checksum.verify(rest.rest()) instanceof Checksum.Verified.Intact intact)) {
            return 0;
        }
        return Unwrapper.unwrap(intact.rest(), LIMITS).messages().stream()
                .filter(message -> SwimCodec.decode(message, LIMITS) instanceof Decoded.Message)
                .count();
    }
}
