package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.record.Codec;
import io.sotto.wire.rpc.RequestHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nomad's servers begin their connections, and the streams of newer sessions, with bytes of their own. */
final class NomadDialectTest {
    private static final String LEADER = "127.0.21.61:4647";
    private static final int SYN = 1;

    private final AcceptedInMemory port = new AcceptedInMemory(
            LinkSettings.defaults(),
            TlsSnapshot.none(),
            Endpoints.none()
                    .with(
                            "Status.Leader",
                            PeerRole.UNPROVEN,
                            call -> CompletableFuture.completedFuture(
                                    new RpcAnswer.Reply(Codec.text().encode(LEADER)))),
            RpcDialect.NOMAD);

    private static byte[] call() {
        return new RequestHeader(7, "Status.Leader").encode(Octets.hex("80")).toArray();
    }

    private static byte[] frame(int flags, byte[] payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0)
                .put((byte) 0)
                .putShort((short) flags)
                .putInt(1)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    private static byte[] joined(int first, byte[] rest) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(first);
        whole.writeBytes(rest);
        return whole.toByteArray();
    }

    private String read() {
        return new String(port.read(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void callsOneAfterTheOtherBeginWithAOne() {
        port.receive(joined(1, call()));
        assertThat(read()).contains(LEADER);
    }

    @Test
    void theStreamsOfAnOlderSessionSayNothing() {
        port.receive(joined(3, frame(SYN, call())));
        assertThat(read()).contains(LEADER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStreamsOfANewerSessionSayThatTheyAreForCalls(boolean apart) {
        if (apart) {
            port.receive(joined(6, frame(SYN, new byte[] {1})));
            port.receive(frame(0, call()));
        } else {
            port.receive(joined(6, frame(SYN, joined(1, call()))));
        }
        assertThat(read()).contains(LEADER);
    }

    @Test
    void aStreamForSomethingElseIsEndedAndTheOthersGoOn() {
        port.receive(joined(6, frame(SYN, joined(5, call()))));
        assertThat(read()).doesNotContain(LEADER);
        assertThat(port.isOpen()).isTrue();
        assertThat(port.counters.refused(LinkRefusal.UNKNOWN_TYPE)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0", "2", "5", "7", "22", "200"})
    void whatNomadsServersServeBesidesIsNotServed(int octet) {
        port.receive(joined(octet, call()));
        assertThat(port.isOpen()).isFalse();
        assertThat(port.counters.refused(LinkRefusal.UNKNOWN_TYPE)).isOne();
    }

    @Test
    void tlsBeginsWithAFour() {
        port.receive(new byte[] {4});
        assertThat(port.isOpen()).isFalse();
        assertThat(port.counters.refused(LinkRefusal.NO_TLS)).isOne();
    }
}
