package io.sotto.wire.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Seed;
import io.sotto.wire.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection between two real peers, said again by two of our sessions. */
class YamuxTranscriptVectorTest {
    private final YamuxSession client = YamuxSession.client(YamuxSettings.defaults());
    private final YamuxSession server = YamuxSession.server(YamuxSettings.defaults());
    private final RecordedEvents atClient = new RecordedEvents();
    private final RecordedEvents atServer = new RecordedEvents();

    /** The first stream, which is the one of which the transcript has all frames. */
    @Test
    void bothSidesSayWhatTheRealOnesSaid() {
        Octets realClient = Octets.empty();
        Octets realServer = Octets.empty();
        for (JsonNode frame : transcript()) {
            if (frame.path("stream").asInt() != 1) {
                continue;
            }
            boolean isFromClient = isFromClient(frame);
            int flags = frame.path("flags").asInt();
            YamuxSession speaker = isFromClient ? client : server;
            if (flags == YamuxFrame.SYN) {
                assertThat(client.open()).isEqualTo(1);
            } else if (flags == YamuxFrame.FIN) {
                speaker.finish(1);
            } else if (flags == 0) {
                speaker.write(1, Vectors.bytes(frame.path("payload_hex")));
            }
            Octets bytes = bytesOf(frame);
            YamuxSession listener = isFromClient ? server : client;
            assertThat(listener.receive(
                            bytes.array(), bytes.arrayOffset(), bytes.length(), isFromClient ? atServer : atClient))
                    .isTrue();
            realClient = isFromClient ? join(realClient, bytes) : realClient;
            realServer = isFromClient ? realServer : join(realServer, bytes);
        }
        assertThat(taken(client)).isEqualTo(realClient);
        assertThat(taken(server)).isEqualTo(realServer);
        assertThat(client.streams()).isZero();
        assertThat(server.streams()).isZero();
    }

    /** After its 40th frame the transcript leaves out data, which no state depends on. */
    @Test
    void allStreamsOfTheTranscriptBeginAndEnd() {
        for (JsonNode frame : transcript()) {
            YamuxSession speaker = isFromClient(frame) ? client : server;
            int flags = frame.path("flags").asInt();
            if (frame.path("kind").asText().equals("PING") && flags == YamuxFrame.SYN) {
                speaker.ping();
            } else if (flags == YamuxFrame.SYN) {
                client.write(client.open(), Octets.hex("00"));
            } else if (flags == YamuxFrame.FIN) {
                speaker.finish(frame.path("stream").asInt());
            }
            Octets bytes = bytesOf(frame);
            YamuxSession listener = isFromClient(frame) ? server : client;
            RecordedEvents events = isFromClient(frame) ? atServer : atClient;
            assertThat(listener.receive(bytes.array(), bytes.arrayOffset(), bytes.length(), events))
                    .isTrue();
        }
        assertThat(client.streams()).isEqualTo(1);
        assertThat(server.streams()).isEqualTo(1);
        assertThat(atServer.take()).contains("opened 1", "opened 3", "opened 25", "finished 23", "pong 0");
        assertThat(atClient.take())
                .contains("finished 1", "finished 23", "pong 0")
                .doesNotContain("finished 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_to_server_hex", "server_to_client_hex"})
    void theRawBytesAreTheFramesOfTheTranscriptHoweverTheyAreCut(String direction) {
        boolean isFromClient = direction.startsWith("client");
        Octets raw = Vectors.bytes(Vectors.document("rpc-raw-prefix.json").path(direction));
        client.write(client.open(), Octets.hex("00"));
        YamuxSession listener = isFromClient ? server : client;
        RecordedEvents events = isFromClient ? atServer : atClient;
        Random random = Seed.random();
        for (int at = isFromClient ? 1 : 0; at < raw.length(); ) {
            int count = Math.min(1 + random.nextInt(40), raw.length() - at);
            assertThat(listener.receive(raw.array(), raw.arrayOffset() + at, count, events))
                    .as(Seed.hint())
                    .isTrue();
            at += count;
        }
        Octets expected = Octets.empty();
        for (JsonNode frame : transcript()) {
            if (isFromClient(frame) == isFromClient && frame.path("stream").asInt() == 1) {
                expected = join(expected, Vectors.bytes(frame.path("payload_hex")));
            }
        }
        Octets read = events.bytesOf(1);
        int common = Math.min(read.length(), expected.length());
        assertThat(common).isGreaterThan(1_000);
        assertThat(read.slice(0, common)).as(Seed.hint()).isEqualTo(expected.slice(0, common));
    }

    private static List<JsonNode> transcript() {
        List<JsonNode> frames = new ArrayList<>();
        Vectors.document("rpc-yamux-session.json").path("frames").forEach(frames::add);
        return frames.subList(1, frames.size());
    }

    private static boolean isFromClient(JsonNode frame) {
        return frame.path("dir").asText().equals("c2s");
    }

    private static Octets bytesOf(JsonNode frame) {
        return join(Vectors.bytes(frame.path("header_hex")), Vectors.bytes(frame.path("payload_hex")));
    }

    private static Octets taken(YamuxSession session) {
        byte[] bytes = new byte[session.outputLength()];
        assertThat(session.drain(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return Octets.wrap(bytes);
    }

    private static Octets join(Octets first, Octets second) {
        byte[] all = new byte[first.length() + second.length()];
        second.copyTo(all, first.copyTo(all, 0));
        return Octets.wrap(all);
    }
}
