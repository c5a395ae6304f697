package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RejectionLogTest {
    private static final GossipKey KEY =
            GossipKey.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    private static final GossipKey OTHER = GossipKey.of(new byte[32]);
    private static final WirePolicy KEYED = WirePolicy.sealed(Keyring.of(KEY, OTHER));

    private final List<String> lines = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final RejectionLog log = RejectionLog.create(() -> this.now, lines::add);

    @Test
    void countsEveryRejectionByItsReason() {
        for (int i = 0; i < 1_000; i++) {
            reject(Reason.UNDECRYPTABLE, 1);
        }
        reject(Reason.LABEL, 1);

        assertThat(log.count(Reason.UNDECRYPTABLE)).isEqualTo(1_000);
        assertThat(log.counts()).containsEntry(Reason.LABEL, 1L).containsEntry(Reason.SIZE, 0L);
        assertThat(log.total()).isEqualTo(1_001);
    }

    @Test
    void writesAtMostOneLineASecondForAReasonHoweverManyPeers() {
        for (int peer = 0; peer < 200; peer++) {
            reject(Reason.MALFORMED, peer);
        }
        assertThat(lines).hasSize(1);

        now = now.plusMillis(999);
        reject(Reason.MALFORMED, 201);
        assertThat(lines).hasSize(1);

        now = now.plusMillis(1);
        reject(Reason.MALFORMED, 202);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains("200 more for this reason since the last line");
    }

    @Test
    void writesAtMostOneLineAMinuteForAPeerAndAReasonAndCountsTheRest() {
        for (int second = 0; second < 60; second++) {
            reject(Reason.PLAINTEXT, 7);
            now = now.plusSeconds(1);
        }
        assertThat(lines).hasSize(1);

        reject(Reason.PLAINTEXT, 7);
        assertThat(lines).hasSize(2);
    }

    @Test
    void writesOtherReasonsOfAPeerAtOnce() {
        reject(Reason.PLAINTEXT, 7);
        reject(Reason.LABEL, 7);

        assertThat(lines).hasSize(2);
    }

    @Test
    void keepsTheMinuteOfAPeerHoweverManyOthersAreWrittenMeanwhile() {
        reject(Reason.TYPE, 0);
        for (int second = 1; second < 60; second++) {
            now = now.plus(Duration.ofSeconds(1));
            for (Reason reason : Reason.values()) {
                reject(reason, second);
            }
        }
        int before = lines.size();
        now = now.plusMillis(999);
        reject(Reason.TYPE, 0);

        assertThat(lines).hasSize(before);
    }

    @Test
    void tellsPeopleWhatFromWhomWhichKeysAreOursAndWhatToDoNext() {
        log.datagram(
                new Rejection(Reason.UNDECRYPTABLE, "No installed keys could decrypt the message", peer(7), 63), KEYED);

        assertThat(lines.get(0))
                .startsWith("Refused a datagram from 10.0.0.7:7946 (63 bytes, undecryptable): No installed keys could"
                        + " decrypt the message.")
                .contains("Our keys: " + KEY.id() + " (primary), " + OTHER.id() + ".")
                .contains("install the missing one");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void neverShowsKeyMaterialAndAlwaysSaysWhatToDo(Reason reason) {
        log.stream(new Rejection(reason, "detail", peer(7), 1), KEYED);

        String hex = Octets.wrap(KEY.bytes(KeyAccess.KEY_LISTING)).toHex();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0))
                .startsWith("Refused a stream from 10.0.0.7:7946")
                .doesNotContain(KEY.toBase64(KeyAccess.KEY_LISTING))
                .doesNotContain(hex)
                .endsWith(".");
    }

    @Test
    void takesTheSenseOutOfWhatAPeerCouldDoToATerminal() {
        log.datagram(new Rejection(Reason.LABEL, "label \u001b[2J\n\"x\" " + "y".repeat(500), peer(7), 1), KEYED);

        assertThat(lines.get(0))
                .contains("label ?[2J?\"x\" yyy")
                .doesNotContain("\n")
                .hasSizeLessThan(500);
    }

    private void reject(Reason reason, int peer) {
        log.datagram(new Rejection(reason, "detail", peer(peer), 1), WirePolicy.plain());
    }

    private static InetSocketAddress peer(int number) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number}), 7946);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
