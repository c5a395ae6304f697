package io.sotto.wire.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames below are: version, type, flags, stream, length. */
class YamuxSessionTest {
    private static final String SYN_1 = "0001 0001 00000001 00000000";
    private static final String ACK_1 = "0001 0002 00000001 00000000";
    private static final String FIN_1 = "0001 0004 00000001 00000000";
    private static final String RST_1 = "0001 0008 00000001 00000000";
    private static final String GO_AWAY_ERROR = "0003 0000 00000000 00000001";
    private static final int WINDOW = YamuxSettings.INITIAL_WINDOW_BYTES;

    private final RecordedEvents events = new RecordedEvents();
    private final YamuxSession server = YamuxSession.server(YamuxSettings.defaults());
    private final YamuxSession client = YamuxSession.client(YamuxSettings.defaults());

    @Test
    void aStreamIsToldToThePeerWithItsFirstBytes() {
        assertThat(client.open()).isEqualTo(1);
        assertThat(client.open()).isEqualTo(3);
        assertThat(client.hasOutput()).isFalse();
        client.write(3, Octets.hex("aa"));
        assertThat(sent(client)).isEqualTo(hex("0001 0001 00000003 00000000 0000 0000 00000003 00000001 aa"));
        assertThat(server.open()).isEqualTo(2);
    }

    @Test
    void aStreamWithoutAByteIsNeverTold() {
        client.finish(client.open());
        client.reset(client.open());
        assertThat(client.hasOutput()).isFalse();
        assertThat(client.streams()).isZero();
    }

    @Test
    void aStreamOfThePeerIsAcknowledgedBeforeAnythingIsSentOnIt() {
        receive(server, SYN_1 + "0000 0000 00000001 00000002 aabb");
        server.write(1, Octets.hex("cc"));
        assertThat(events.take()).containsExactly("opened 1", "data 1");
        assertThat(events.bytesOf(1)).isEqualTo(Octets.hex("aabb"));
        assertThat(sent(server)).isEqualTo(hex(ACK_1 + "0000 0000 00000001 00000001 cc"));
    }

    @ParameterizedTest
    @CsvSource({
        "on a data frame, 0000 0001 00000001 00000001 aa, 1",
        "with an even number, 0000 0001 00000002 00000001 aa, 2",
        "with the number 0, 0000 0001 00000000 00000001 aa, 0",
        "with unknown flags, 0000 ff01 00000001 00000001 aa, 1",
        "with more window, 0001 0001 00000001 00001000 0000 0000 00000001 00000001 aa, 1",
    })
    void aStreamMayBegin(String how, String frames, int stream) {
        receive(server, frames);
        assertThat(events.take()).as(how).containsExactly("opened " + stream, "data " + stream);
    }

    @Test
    void aStreamThatEndsWithItsFirstFrameIsNotAcknowledged() {
        receive(server, "0000 0005 00000001 00000001 aa");
        assertThat(events.take()).containsExactly("opened 1", "data 1", "finished 1");
        server.write(1, Octets.hex("bb"));
        server.finish(1);
        assertThat(sent(server)).isEqualTo(hex("0000 0000 00000001 00000001 bb" + FIN_1));
        assertThat(server.streams()).isZero();
    }

    @Test
    void aStreamIsGoneOnceBothSidesEnded() {
        begin(1);
        client.finish(1);
        assertThat(client.streams()).isEqualTo(1);
        receive(client, ACK_1 + "0000 0000 00000001 00000001 bb" + FIN_1);
        assertThat(events.take()).containsExactly("data 1", "finished 1");
        assertThat(client.streams()).isZero();
        client.write(1, Octets.hex("cc"));
        client.finish(1);
        assertThat(sent(client)).isEqualTo(hex(FIN_1));
    }

    @Test
    void whatComesAfterTheEndIsDropped() {
        receive(server, SYN_1 + FIN_1 + "0000 0000 00000001 00000001 aa");
        assertThat(events.take()).containsExactly("opened 1", "finished 1");
        assertThat(server.discardedFrames()).isEqualTo(1);
    }

    @Test
    void aResetEndsBothSides() {
        begin(1);
        receive(client, ACK_1 + RST_1);
        assertThat(events.take()).containsExactly("reset 1");
        assertThat(client.streams()).isZero();
        client.reset(1);
        assertThat(client.hasOutput()).isFalse();
        assertThat(client.open()).isEqualTo(3);
        client.write(3, Octets.hex("aa"));
        client.reset(3);
        assertThat(client.streams()).isZero();
        assertThat(sent(client))
                .isEqualTo(hex(
                        "0001 0001 00000003 00000000 0000 0000 00000003 00000001 aa" + "0001 0008 00000003 00000000"));
    }

    @Test
    void anAnswerMayEndAStreamFromWithinItsData() {
        YamuxEvents finishing = new ForwardedEvents(events) {
            @Override
            public void data(int id, byte[] array, int offset, int length) {
                super.data(id, array, offset, length);
                server.finish(id);
            }
        };
        Octets frames = hex(SYN_1 + "0000 0004 00000001 00000003 aabbcc");
        for (int i = 0; i < frames.length(); i++) {
            assertThat(server.receive(frames.array(), frames.arrayOffset() + i, 1, finishing))
                    .isTrue();
        }
        assertThat(events.take()).containsExactly("opened 1", "data 1", "finished 1");
        assertThat(events.bytesOf(1)).isEqualTo(Octets.hex("aabbcc"));
        assertThat(server.streams()).isZero();
    }

    @Test
    void framesForStreamsThatThereAreNotAreDropped() {
        receive(server, "0000 0000 00000009 00000002 aabb 0001 0000 00000009 00000005 0000 0001 0000000b 00000001 aa");
        assertThat(events.take()).containsExactly("opened 11", "data 11");
        assertThat(server.discardedFrames()).isEqualTo(2);
    }

    @Test
    void dataOfAnyLengthForAStreamThatThereIsNotIsPassedOver() {
        receive(server, "0000 0000 00000009 ffffffff");
        byte[] junk = new byte[1 << 20];
        for (int i = 0; i < 4_095; i++) {
            assertThat(server.receive(junk, 0, junk.length, events)).isTrue();
        }
        assertThat(server.receive(junk, 0, junk.length - 1, events)).isTrue();
        receive(server, "0000 0001 00000001 00000001 aa");
        assertThat(events.take()).containsExactly("opened 1", "data 1");
    }

    @Test
    void whatTheWindowDoesNotTakeWaits() {
        begin(1);
        client.write(1, new byte[WINDOW + 9], 0, WINDOW + 9);
        assertThat(client.pending(1)).isEqualTo(10);
        client.finish(1);
        sent(client);
        receive(client, "0001 0002 00000001 00000004");
        assertThat(sent(client)).isEqualTo(hex("0000 0000 00000001 00000004 00000000"));
        assertThat(events.take()).isEmpty();
        receive(client, "0001 0000 00000001 00000100");
        assertThat(sent(client)).isEqualTo(hex("0000 0000 00000001 00000006 000000000000" + FIN_1));
        assertThat(client.pending(1)).isZero();
        assertThat(events.take()).isEmpty();
    }

    @Test
    void aHeaderAndItsBodyLeaveInOneFrameIfTheWindowTakesThem() {
        client.open();
        client.write(1, Octets.hex("aa"), Octets.hex("bbcc"));
        assertThat(sent(client)).isEqualTo(hex(SYN_1 + "0000 0000 00000001 00000003 aabbcc"));
        client.write(1, Octets.empty(), Octets.empty());
        assertThat(client.hasOutput()).isFalse();
        client.write(1, Octets.hex("dd"), Octets.wrap(new byte[WINDOW]));
        assertThat(client.pending(1)).isEqualTo(4);
        client.write(1, Octets.hex("ee"), Octets.hex("ff"));
        assertThat(client.pending(1)).isEqualTo(6);
        sent(client);
        receive(client, "0001 0000 00000001 00000006");
        assertThat(sent(client).toHex()).contains("00000000").endsWith("ff");
        assertThat(client.pending(1)).isZero();
    }

    @Test
    void aWriterIsToldOnceAllThatWaitedIsTaken() {
        begin(1);
        client.write(1, Octets.wrap(new byte[WINDOW + 9]));
        receive(client, "0001 0000 00000001 00000009");
        assertThat(events.take()).isEmpty();
        receive(client, "0001 0000 00000001 00000001");
        assertThat(events.take()).containsExactly("writable 1");
    }

    @Test
    void theWindowGrowsAgainWhenHalfOfItWasConsumed() {
        receive(server, SYN_1);
        receiveData(server, 1, WINDOW);
        sent(server);
        server.consumed(1, WINDOW / 2 - 1);
        assertThat(server.hasOutput()).isFalse();
        server.consumed(1, 1);
        assertThat(sent(server)).isEqualTo(hex("0001 0000 00000001 00020000"));
        receiveData(server, 1, WINDOW / 2);
        assertThat(server.hasFailed()).isFalse();
        assertThatThrownBy(() -> server.consumed(1, WINDOW + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLargerWindowIsToldWithTheStream() {
        YamuxSession large = YamuxSession.client(bounded(256, 4_096, 2 * WINDOW, 64));
        large.write(large.open(), Octets.hex("aa"));
        assertThat(sent(large)).isEqualTo(hex("0001 0001 00000001 00040000 0000 0000 00000001 00000001 aa"));
        receive(large, ACK_1);
        receiveData(large, 1, 2 * WINDOW);
        assertThat(large.hasFailed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "VERSION, 0100 0001 00000001 00000000, ''",
        "TYPE, 0009 0000 00000001 00000000, ''",
        "DUPLICATE_STREAM, 0001 0001 00000001 00000000 0001 0001 00000001 00000000, 0003 0000 00000000 00000001",
        "UNEXPECTED_FIN, 0001 0005 00000001 00000000 0001 0004 00000001 00000000, 0003 0000 00000000 00000001",
        "WINDOW_EXCEEDED, 0000 0001 00000001 00040001, 0003 0000 00000000 00000001",
        "PEER_PROTOCOL_ERROR, 0003 0000 00000000 00000001, ''",
        "PEER_INTERNAL_ERROR, 0003 0000 00000000 00000002, ''",
        "UNEXPECTED_GO_AWAY, 0003 0000 00000000 0000004d, ''",
    })
    void aSessionEndsWhereThatOfARealPeerDoes(YamuxFailure failure, String frames, String answer) {
        Octets bytes = hex(frames);
        assertThat(server.receive(bytes.array(), bytes.arrayOffset(), bytes.length(), events))
                .isFalse();
        assertThat(server.failure()).isEqualTo(failure);
        assertThat(sent(server).toHex()).endsWith(answer.replace(" ", ""));
        events.take();
        Octets more = hex("0001 0001 00000005 00000000");
        assertThat(server.receive(more.array(), more.arrayOffset(), more.length(), events))
                .isFalse();
        assertThat(events.take()).isEmpty();
        assertThat(server.open()).isEqualTo(-1);
        assertThat(server.tick(0, events)).isFalse();
        assertThat(server.hasOutput()).isFalse();
    }

    @Test
    void aPingIsAnsweredOnStreamZero() {
        receive(server, "0002 0001 0000004d 00000005");
        assertThat(sent(server)).isEqualTo(hex("0002 0002 00000000 00000005"));
    }

    @Test
    void anAnswerToNoPingIsNone() {
        receive(server, "0002 0002 00000000 00000000");
        assertThat(events.take()).isEmpty();
        assertThat(server.ping()).isZero();
        assertThat(sent(server)).isEqualTo(hex("0002 0001 00000000 00000000"));
        receive(server, "0002 0002 00000000 00000000");
        assertThat(events.take()).containsExactly("pong 0");
    }

    @Test
    void keepAlivesLeaveEveryThirtySecondsAndAnUnansweredOneEndsTheSessionTenSecondsLater() {
        long start = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();
        assertThat(tickAt(client, start, 0)).isTrue();
        assertThat(tickAt(client, start, 29)).isTrue();
        assertThat(client.hasOutput()).isFalse();
        assertThat(tickAt(client, start, 30)).isTrue();
        assertThat(sent(client)).isEqualTo(hex("0002 0001 00000000 00000000"));
        receive(client, "0002 0002 00000000 00000000");
        assertThat(tickAt(client, start, 59)).isTrue();
        assertThat(client.hasOutput()).isFalse();
        assertThat(tickAt(client, start, 60)).isTrue();
        assertThat(sent(client)).isEqualTo(hex("0002 0001 00000000 00000001"));
        assertThat(tickAt(client, start, 69)).isTrue();
        assertThat(tickAt(client, start, 70)).isFalse();
        assertThat(client.failure()).isEqualTo(YamuxFailure.KEEP_ALIVE);
    }

    @Test
    void afterAGoAwayNoSideOpensMoreButWhatCrossesItIsServed() {
        begin(1);
        client.goAway(0);
        client.goAway(0);
        assertThat(sent(client)).isEqualTo(hex("0003 0000 00000000 00000000 0002 0001 00000000 00000000"));
        assertThat(client.open()).isEqualTo(-1);
        receive(client, "0000 0001 00000002 00000001 aa");
        assertThat(events.take()).containsExactly("opened 2", "data 2");
        client.finish(2);
        receive(client, "0001 0004 00000002 00000000" + FIN_1);
        client.finish(1);
        assertThat(client.streams()).isZero();
        assertThat(client.isQuiet()).isFalse();
        receive(client, "0002 0002 00000000 00000000");
        assertThat(client.isQuiet()).isTrue();
    }

    @Test
    void aPeerThatWentAwayIsServedAndGetsNoMoreStreams() {
        assertThat(server.mayOpen()).isTrue();
        receive(server, "0003 0000 00000000 00000000" + SYN_1);
        assertThat(events.take()).containsExactly("gone away 0", "opened 1");
        assertThat(server.hasPeerGoneAway()).isTrue();
        assertThat(server.open()).isEqualTo(-1);
    }

    @Test
    void aStreamInExcessOfTheBacklogIsReset() {
        YamuxSession small = YamuxSession.server(bounded(2, 3, WINDOW, 64));
        receive(small, SYN_1 + "0001 0001 00000003 00000000");
        sent(small);
        receive(small, "0000 0001 00000005 00000001 aa");
        assertThat(sent(small)).isEqualTo(hex("0001 0008 00000005 00000000"));
        receive(small, "0000 0000 00000001 00000001 aa 0000 0001 00000007 00000001 aa");
        assertThat(sent(small)).isEqualTo(hex("0001 0002 00000007 00000000"));
        receive(small, "0000 0000 00000003 00000001 aa 0001 0001 00000009 00000000");
        assertThat(sent(small)).as("three are open").isEqualTo(hex("0001 0008 00000009 00000000"));
        assertThat(small.refusedStreams()).isEqualTo(2);
        receive(small, RST_1 + "0001 0001 00000009 00000000");
        assertThat(sent(small)).isEqualTo(hex("0001 0002 00000009 00000000"));
    }

    @Test
    void noMoreStreamsAreOpenedThanThePeerKeepsWaiting() {
        YamuxSession small = YamuxSession.client(bounded(2, 3, WINDOW, 64));
        assertThat(List.of(small.open(), small.open(), small.open())).containsExactly(1, 3, -1);
        small.write(1, Octets.hex("aa"));
        receive(small, ACK_1);
        assertThat(List.of(small.open(), small.open())).containsExactly(5, -1);
        small.reset(3);
        assertThat(small.mayOpen()).isTrue();
    }

    @Test
    void aPeerThatNeverReadsItsAnswersIsGivenUp() {
        YamuxSession small = YamuxSession.server(bounded(256, 256, WINDOW, 3));
        String ping = "0002 0001 00000000 00000005";
        receive(small, ping + ping);
        sent(small);
        receive(small, ping + ping + ping);
        assertThat(small.drain(new byte[12], 0, 12)).isEqualTo(12);
        receive(small, ping);
        Octets oneMore = hex(ping);
        assertThat(small.receive(oneMore.array(), oneMore.arrayOffset(), oneMore.length(), events))
                .isFalse();
        assertThat(small.failure()).isEqualTo(YamuxFailure.FLOOD);
        assertThat(sent(small).toHex()).endsWith(GO_AWAY_ERROR.replace(" ", ""));
    }

    @Test
    void aStreamThatThePeerLeavesHalfOpenIsReset() {
        begin(1);
        client.finish(1);
        sent(client);
        receive(client, ACK_1);
        YamuxSettings settings = YamuxSettings.defaults();
        YamuxSession patient = client;
        for (int second = 0; second < 300; second += 20) {
            assertThat(tickAt(patient, 0, second)).isTrue();
            answerPings(patient);
        }
        assertThat(client.streams()).isEqualTo(1);
        assertThat(tickAt(client, 0, settings.streamCloseTimeout().toSeconds())).isTrue();
        assertThat(events.take()).contains("reset 1");
        assertThat(sent(client).toHex()).contains(RST_1.replace(" ", ""));
        assertThat(client.streams()).isZero();
    }

    @Test
    void writingOnAFinishedStreamIsAMistakeOfOurs() {
        begin(1);
        client.finish(1);
        assertThatThrownBy(() -> client.write(1, Octets.hex("aa"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void outputIsTakenInAnyPiecesAndItsMemoryGivenBack() {
        begin(1);
        client.write(1, new byte[100_000], 0, 100_000);
        assertThat(client.output().remaining()).isEqualTo(100_012);
        client.skipOutput(12);
        client.write(1, new byte[100_000], 0, 100_000);
        assertThat(client.outputLength()).isEqualTo(200_012);
        assertThat(sent(client).slice(0, 100_000)).isEqualTo(Octets.wrap(new byte[100_000]));
        assertThat(tickAt(client, 0, 0)).isTrue();
        assertThat(tickAt(client, 0, 1)).isTrue();
        assertThat(client.output().array().length).isLessThan(10_000);
    }

    private void answerPings(YamuxSession session) {
        Octets out = sent(session);
        for (int at = 0; at < out.length(); at += 12) {
            if (out.at(at + 1) == YamuxFrame.PING) {
                receive(session, "0002 0002 00000000 " + out.slice(at + 8, 4).toHex());
            }
        }
    }

    private void begin(int stream) {
        assertThat(client.open()).isEqualTo(stream);
        client.write(stream, Octets.hex("aa"));
        sent(client);
    }

    private void receive(YamuxSession session, String frames) {
        Octets bytes = hex(frames);
        assertThat(session.receive(bytes.array(), bytes.arrayOffset(), bytes.length(), events))
                .isTrue();
    }

    private void receiveData(YamuxSession session, int stream, int length) {
        byte[] frame = new byte[YamuxFrame.HEADER_BYTES + length];
        YamuxFrame.write(frame, 0, YamuxFrame.DATA, 0, stream, length);
        assertThat(session.receive(frame, 0, frame.length, events)).isTrue();
    }

    private boolean tickAt(YamuxSession session, long start, long seconds) {
        return session.tick(start + Duration.ofSeconds(seconds).toNanos(), events);
    }

    private static YamuxSettings bounded(int backlog, int maxStreams, int windowBytes, int maxWaitingReplies) {
        YamuxSettings defaults = YamuxSettings.defaults();
        return new YamuxSettings(
                backlog,
                maxStreams,
                windowBytes,
                maxWaitingReplies,
                defaults.keepAliveInterval(),
                defaults.keepAliveTimeout(),
                defaults.streamCloseTimeout());
    }

    private static Octets sent(YamuxSession session) {
        byte[] bytes = new byte[session.outputLength()];
        assertThat(session.drain(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return Octets.wrap(bytes);
    }

    private static Octets hex(String frames) {
        return Octets.hex(frames.replace(" ", ""));
    }
}
