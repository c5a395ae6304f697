package io.sotto.gossip.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.AllowList;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.RejectionLog;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamRole;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deadlines, caps and words of streams, over a network in memory and in manual time. */
class StreamServerTest {
    private static final Octets PING = Octets.hex("0082a44e6f6465a473656c66a55365714e6f1f");
    private static final StreamMessage PING_MESSAGE =
            new StreamMessage.Swim(new SwimMessage.Ping(7, "", Optional.empty()));
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(testKit.system());
    private final MemoryNetwork network = new MemoryNetwork();
    private final StreamCounters counters = new StreamCounters();
    private final RejectionLog rejections = RejectionLog.create(InstantSource.system(), line -> {});

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void closesAConnectionThatSendsNothingAtTheFirstDeadline() throws Exception {
        Endpoint endpoint = serve(WirePolicy.plain(), StreamSettings.defaults(), StreamServerTest::ack);
        Connection silent = dial(endpoint);
        CompletableFuture<Octets> end = silent.read().toCompletableFuture();

        time.timePasses(Duration.ofMillis(1_999));
        assertThat(end).isNotDone();
        time.timePasses(Duration.ofMillis(1));

        assertThat(await(end)).isEqualTo(Octets.empty());
        awaitCount(Reason.TIMEOUT, 1);
        assertThat(counters.firstByteTimeouts()).isEqualTo(1);
    }

    @Test
    void closesAConnectionThatDripsItsRequestAtTheLastDeadline() throws Exception {
        Endpoint endpoint = serve(WirePolicy.plain(), StreamSettings.defaults(), StreamServerTest::ack);
        Connection slow = dial(endpoint);
        CompletableFuture<Octets> end = slow.read().toCompletableFuture();

        for (int second = 0; second < 9; second++) {
            await(slow.write(PING.slice(second, 1)));
            time.timePasses(Duration.ofSeconds(1));
        }
        assertThat(end).isNotDone();
        time.timePasses(Duration.ofSeconds(1));

        assertThat(await(end)).isEqualTo(Octets.empty());
        awaitCount(Reason.TIMEOUT, 1);
        assertThat(counters.totalTimeouts()).isEqualTo(1);
    }

    @Test
    void answersAndClosesThoughThePeerKeepsItsSideOpen() throws Exception {
        Endpoint endpoint = serve(WirePolicy.plain(), StreamSettings.defaults(), StreamServerTest::ack);
        Connection client = dial(endpoint);

        await(client.write(PING));

        assertThat(await(client.read()).at(0)).isIn(2, 9);
        assertThat(await(client.read())).isEqualTo(Octets.empty());
        assertThat(rejections.total()).isZero();
    }

    @Test
    void oneTooManyOfAnAddressTakesThePlaceOfTheEldest() throws Exception {
        StreamSettings few = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 2, 1_024, 127, 1 << 20);
        Endpoint endpoint = serve(WirePolicy.plain(), few, StreamServerTest::ack);
        Connection first = dial(endpoint);
        Connection second = dial(endpoint);

        Connection third = dial(endpoint);

        assertThat(await(first.read())).isEqualTo(Octets.empty());
        assertThat(rejections.count(Reason.OVERLOAD)).isEqualTo(1);
        assertThat(counters.displaced()).isEqualTo(1);
        assertThat(answers(third)).isTrue();
        assertThat(answers(second)).isTrue();
    }

    @Test
    void aRequestBeingAnsweredGivesWayToNobody() throws Exception {
        StreamSettings one = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 1, 1_024, 127, 1 << 20);
        CompletableFuture<Optional<StreamMessage>> answer = new CompletableFuture<>();
        CompletableFuture<StreamRequest> begun = new CompletableFuture<>();
        Endpoint endpoint = serve(WirePolicy.plain(), one, request -> {
            begun.complete(request);
            return answer;
        });
        Connection first = dial(endpoint);
        await(first.write(PING));
        await(begun);

        Connection surplus = dial(endpoint);
        assertThat(await(surplus.read())).isEqualTo(Octets.empty());
        assertThat(counters.refused()).isEqualTo(1);

        answer.complete(Optional.of(new StreamMessage.Swim(new SwimMessage.Ack(31, Octets.empty()))));
        assertThat(await(first.read())).isNotEqualTo(Octets.empty());
    }

    @Test
    void closesWhatComesFromOutsideTheAllowedNetworksWithoutReadingAByte() throws Exception {
        WirePolicy elsewhere = new WirePolicy(
                Keyring.empty(),
                true,
                true,
                Octets.empty(),
                false,
                true,
                new AllowList(AllowedNetworks.parse(List.of("10.0.0.0/8")), AllowList.Scope.EVERYTHING));
        Endpoint endpoint = serve(elsewhere, StreamSettings.defaults(), StreamServerTest::ack);
        Connection stranger = dial(endpoint);

        assertThat(answers(stranger)).isFalse();
        assertThat(rejections.count(Reason.NOT_ALLOWED)).isEqualTo(1);
        assertThat(counters.receivedBytes()).isZero();
        assertThat(counters.open()).isZero();
    }

    @Test
    void boundsTheMemoryOfTheRecordsThatRequestsHold() throws Exception {
        StreamSettings tight = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 64, 1_024, 127, 20_000);
        Endpoint endpoint = serve(WirePolicy.plain(), tight, StreamServerTest::ack);
        List<PushPull.Node> many = Collections.nCopies(
                100,
                new PushPull.Node(
                        "n",
                        NodeAddress.of(endpoint.local()),
                        Octets.empty(),
                        1,
                        NodeState.ALIVE,
                        ProtocolVersions.SERF.toOctets()));
        Octets bytes = encoder()
                .encode(
                        new StreamMessage.Exchange(new PushPull(false, many, Octets.empty())),
                        StreamRole.REQUEST,
                        WirePolicy.plain());
        assertThat(bytes.length()).isLessThan(20_000);
        Connection greedy = dial(endpoint);

        await(greedy.write(bytes));

        assertThat(await(greedy.read())).isEqualTo(Octets.empty());
        awaitCount(Reason.OVERLOAD, 1);
        awaitTrue(() -> counters.bufferedBytes() == 0);
    }

    @Test
    void boundsTheMemoryOfAnswersThatWaitToBeTaken() throws Exception {
        StreamSettings tight = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 64, 1_024, 127, 10_000);
        Endpoint endpoint = serve(
                WirePolicy.plain(),
                tight,
                request -> CompletableFuture.completedFuture(
                        Optional.of(new StreamMessage.Swim(new SwimMessage.Ack(31, Octets.wrap(unpackable(20_000)))))));
        Connection greedy = dial(endpoint);

        await(greedy.write(PING));

        assertThat(await(greedy.read())).isEqualTo(Octets.empty());
        awaitCount(Reason.OVERLOAD, 1);
    }

    @Test
    void accountsForEveryConnection() throws Exception {
        StreamSettings one = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 64, 2, 127, 1 << 20);
        Endpoint endpoint = serve(WirePolicy.plain(), one, StreamServerTest::ack);
        Connection served = dial(endpoint);
        assertThat(answers(served)).isTrue();
        served.close();
        Connection refused = dial(endpoint);
        await(refused.write(Octets.hex("ff")));
        assertThat(await(refused.read())).isEqualTo(Octets.empty());
        Connection portCheck = dial(endpoint);
        portCheck.close();
        awaitTrue(() -> counters.open() == 0);
        for (int i = 0; i < 4; i++) {
            dial(endpoint);
        }
        assertThat(counters.open()).isEqualTo(2);
        time.timePasses(TIMEOUT);

        awaitTrue(() -> counters.open() == 0);
        assertThat(counters.accepted()).isEqualTo(7);
        assertThat(counters.served()).isEqualTo(1);
        assertThat(counters.refused()).isEqualTo(1);
        assertThat(counters.abandoned()).isEqualTo(1);
        assertThat(counters.displaced()).isEqualTo(2);
        assertThat(counters.firstByteTimeouts() + counters.totalTimeouts()).isEqualTo(2);
        assertThat(counters.sentBytes()).isPositive();
        assertThat(counters.receivedBytes()).isEqualTo(PING.length() + 1);
    }

    @Test
    void servesNoMorePushPullsThanAllowedAtATime() throws Exception {
        StreamSettings one = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 64, 1_024, 1, 1 << 20);
        CompletableFuture<Optional<StreamMessage>> never = new CompletableFuture<>();
        CompletableFuture<StreamRequest> begun = new CompletableFuture<>();
        Endpoint endpoint = serve(WirePolicy.plain(), one, request -> {
            begun.complete(request);
            return never;
        });
        StreamMessage exchange = new StreamMessage.Exchange(new PushPull(false, List.of(), Octets.empty()));
        Octets bytes = encoder().encode(exchange, StreamRole.REQUEST, WirePolicy.plain());
        await(dial(endpoint).write(bytes));
        await(begun);

        Connection surplus = dial(endpoint);
        await(surplus.write(bytes));

        assertThat(await(surplus.read())).isEqualTo(Octets.empty());
        awaitCount(Reason.OVERLOAD, 1);
    }

    @Test
    void boundsTheMemoryOfUnfinishedRequests() throws Exception {
        StreamSettings tight = new StreamSettings(TIMEOUT, TIMEOUT, TIMEOUT, 64, 1_024, 127, 1_000);
        Endpoint endpoint = serve(WirePolicy.sealed(keyring(1)), tight, StreamServerTest::ack);
        Connection greedy = dial(endpoint);

        await(greedy.write(Octets.hex("0a00010000")));
        await(greedy.write(Octets.wrap(new byte[2_000])));

        assertThat(await(greedy.read())).isEqualTo(Octets.empty());
        awaitCount(Reason.OVERLOAD, 1);
    }

    @Test
    void exchangesBetweenMembersOfOneKey() throws Exception {
        WirePolicy policy = WirePolicy.sealed(keyring(1));
        Endpoint endpoint = serve(policy, StreamSettings.defaults(), StreamServerTest::ack);

        assertThat(ask(policy, endpoint.local(), PING_MESSAGE))
                .isEqualTo(new Exchanged.Answered(
                        new StreamMessage.Swim(new SwimMessage.Ack(7, Octets.empty())),
                        keyring(1).primary()));
        assertThat(ask(policy, endpoint.local(), new StreamMessage.Swim(new SwimMessage.User(Octets.hex("01")))))
                .isEqualTo(new Exchanged.Sent());
    }

    @Test
    void tellsInTheRealWordsWhyAnExchangeFailed() throws Exception {
        Endpoint plain = serve(WirePolicy.plain(), StreamSettings.defaults(), StreamServerTest::ack);
        Endpoint keyed = serve(WirePolicy.sealed(keyring(1)), StreamSettings.defaults(), StreamServerTest::ack);
        Endpoint mute = serve(
                WirePolicy.plain(),
                StreamSettings.defaults(),
                request -> CompletableFuture.completedFuture(Optional.empty()));
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

        WirePolicy lenient = new WirePolicy(keyring(1), false, true, Octets.empty(), false, true, AllowList.all());
        assertThat(ask(WirePolicy.sealed(keyring(1)), plain.local(), PING_MESSAGE))
                .isEqualTo(failed("Encryption is configured but remote state is not encrypted"));
        assertThat(ask(lenient, plain.local(), PING_MESSAGE))
                .isEqualTo(failed("remote error: Remote state is encrypted and encryption is not configured"));
        assertThat(ask(WirePolicy.plain(), keyed.local(), PING_MESSAGE))
                .isEqualTo(failed("Remote state is encrypted and encryption is not configured"));
        assertThat(ask(WirePolicy.sealed(keyring(2)), keyed.local(), PING_MESSAGE))
                .isEqualTo(failed("No installed keys could decrypt the message"));
        assertThat(ask(WirePolicy.plain(), mute.local(), PING_MESSAGE)).isEqualTo(new Exchanged.Failed("EOF", true));
        assertThat(ask(WirePolicy.plain(), nobody, PING_MESSAGE))
                .isEqualTo(failed("dial tcp 127.0.0.1:1: connect: connection refused"));
        network.link((from, to) -> false);
        assertThat(ask(WirePolicy.plain(), plain.local(), PING_MESSAGE))
                .isEqualTo(failed("dial tcp 127.0.0.1:" + plain.local().getPort() + ": i/o timeout"));
    }

    @Test
    void givesUpOnAPeerThatNeverAnswersAtTheDeadline() throws Exception {
        Endpoint endpoint = serve(WirePolicy.plain(), StreamSettings.defaults(), request -> new CompletableFuture<>());
        CompletableFuture<Exchanged> asked = client(WirePolicy.plain())
                .exchange(bind(), endpoint.local(), PING_MESSAGE, Duration.ofSeconds(1))
                .toCompletableFuture();

        testKit.createTestProbe().awaitAssert(() -> {
            time.timePasses(Duration.ofSeconds(1));
            assertThat(asked).isDone();
            return true;
        });

        assertThat(asked.join())
                .isInstanceOfSatisfying(
                        Exchanged.Failed.class,
                        failure -> assertThat(failure.text())
                                .startsWith("read tcp 127.0.0.1:")
                                .endsWith(": i/o timeout"));
    }

    private Endpoint serve(WirePolicy policy, StreamSettings settings, StreamHandler handler) throws Exception {
        Endpoint endpoint = bind();
        StreamServer.create(
                        StreamThreads.of(testKit.system()),
                        () -> policy,
                        settings,
                        Limits.defaults(),
                        encoder(),
                        Inspection.counting(rejections),
                        counters,
                        handler)
                .start(endpoint);
        return endpoint;
    }

    private Endpoint bind() throws Exception {
        return network.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private Connection dial(Endpoint endpoint) throws Exception {
        return await(network.dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000), endpoint.local()));
    }

    private static boolean answers(Connection connection) throws Exception {
        return await(connection.write(PING).handle((done, failure) -> failure == null))
                && !await(connection.read()).isEmpty();
    }

    private Exchanged ask(WirePolicy policy, InetSocketAddress to, StreamMessage request) throws Exception {
        return await(client(policy).exchange(bind(), to, request, TIMEOUT));
    }

    private StreamClient client(WirePolicy policy) {
        Supplier<WirePolicy> supplier = () -> policy;
        return StreamClient.create(
                StreamThreads.of(testKit.system()),
                supplier,
                Limits.defaults(),
                encoder(),
                Inspection.counting(rejections));
    }

    private static StreamEncoder encoder() {
        AtomicInteger nonces = new AtomicInteger();
        return StreamEncoder.create(new Sealer(
                (target, offset) -> Arrays.fill(target, offset, offset + 12, (byte) nonces.incrementAndGet())));
    }

    private static CompletionStage<Optional<StreamMessage>> ack(StreamRequest request) {
        return CompletableFuture.completedFuture(
                request.message() instanceof StreamMessage.Swim swim && swim.message() instanceof SwimMessage.Ping ping
                        ? Optional.of(new StreamMessage.Swim(new SwimMessage.Ack(ping.seqNo(), Octets.empty())))
                        : Optional.empty());
    }

    private static Exchanged failed(String text) {
        return new Exchanged.Failed(text);
    }

    private static Keyring keyring(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Keyring.of(GossipKey.of(bytes));
    }

    private void awaitCount(Reason reason, long count) {
        testKit.createTestProbe().awaitAssert(() -> {
            assertThat(rejections.count(reason)).isEqualTo(count);
            return true;
        });
    }

    private void awaitTrue(BooleanSupplier condition) {
        testKit.createTestProbe().awaitAssert(() -> {
            assertThat(condition.getAsBoolean()).isTrue();
            return true;
        });
    }

    private static byte[] unpackable(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(1).nextBytes(bytes);
        return bytes;
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
