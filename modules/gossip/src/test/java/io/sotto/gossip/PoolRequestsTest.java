package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sotto.gossip.datapath.Inbound;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.Claims;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.SwimMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests at awkward moments: more than the pool can keep before it runs, and a join after a leave. */
class PoolRequestsTest {
    private static ActorTestKit testKit;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create(ManualTime.config());
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void moreRequestsThanItCanKeepDoNotKeepThePoolFromStarting() throws Exception {
        CountDownLatch mayBind = new CountDownLatch(1);
        MemoryNetwork network = new MemoryNetwork();
        PoolSettings settings = settings();
        PoolEnvironment environment = environment(network, mayBind);
        ActorRef<GossipPool.Command> pool =
                testKit.spawn(GossipPool.create(settings, environment, PoolState.create(settings, environment.time())));
        TestProbe<GossipPool.Started> started = testKit.createTestProbe();
        TestProbe<Boolean> answers = testKit.createTestProbe();

        pool.tell(new GossipPool.WhenStarted(started.getRef()));
        for (int i = 0; i < 2_000; i++) {
            pool.tell(new GossipPool.ForceLeave("nobody-" + i, false, answers.getRef()));
        }
        mayBind.countDown();

        started.expectMessageClass(GossipPool.Started.Running.class, Duration.ofSeconds(30));
        assertThat(answers.receiveSeveralMessages(999, Duration.ofSeconds(30))).containsOnly(false);
        testKit.stop(pool);
    }

    @Test
    void aNodeThatLeavesJoinsNobodyAnyMore() throws Exception {
        PoolRig rig = new PoolRig(
                testKit,
                JsonNodeFactory.instance.objectNode(),
                Octets.empty(),
                ProtocolVersions.SERF,
                directory.resolve("ring"));
        TestProbe<GossipPool.Left> left = testKit.createTestProbe();
        TestProbe<JoinReport> reports = testKit.createTestProbe();

        rig.tell(new GossipPool.Leave(left.getRef()));
        rig.tell(new GossipPool.Join(List.of("10.0.0.9", "10.0.0.8:1"), reports.getRef()));

        assertThat(reports.receiveMessage())
                .isEqualTo(new JoinReport(
                        0,
                        List.of(
                                new JoinReport.Failure("10.0.0.9", "Serf can't Join after Leave or Shutdown"),
                                new JoinReport.Failure("10.0.0.8:1", "Serf can't Join after Leave or Shutdown"))));
        rig.stop();
    }

    @Test
    void aMessageThatCannotBeRoutedIsCountedAndTheRestOfItsBatchIsRouted() throws Exception {
        TestProbe<LocalMember.Command> local = testKit.createTestProbe();
        List<Rejection> rejections = new ArrayList<>();
        Router router = new Router(
                new Router.Targets(
                        testKit.<Members.Command>createTestProbe().getRef(),
                        local.getRef(),
                        testKit.<ProbeScheduler.Command>createTestProbe().getRef(),
                        testKit.<Events.Command>createTestProbe().getRef(),
                        Samples.hearing(PoolTime.system()),
                        Samples.inflow()),
                Answers.create(
                        Claims.GUARDED,
                        FloodSettings.defaults(),
                        () -> MembersView.alone(Samples.SELF),
                        PoolTime.system(),
                        1),
                Samples.credence(testKit.<Prover.Command>createTestProbe().getRef()),
                () -> {
                    throw new IllegalStateException("a fault of ours");
                },
                "self",
                Limits.defaults(),
                PoolTime.system(),
                rejections::add);
        InetSocketAddress source = PoolRig.selfAddress();
        SwimMessage.Ping ping = new SwimMessage.Ping(7, "self", Optional.empty());

        router.routeAll(List.of(
                new Inbound(new SwimMessage.Suspect(1, "b", "c"), source, true), new Inbound(ping, source, true)));

        assertThat(rejections).singleElement().satisfies(rejection -> {
            assertThat(rejection.reason()).isEqualTo(Rejection.Reason.MALFORMED);
            assertThat(rejection.detail()).contains("IllegalStateException").doesNotContain("fault of ours");
        });
        local.expectMessage(new LocalMember.Pinged(ping, source, source));
    }

    private static PoolEnvironment environment(MemoryNetwork network, CountDownLatch mayBind) {
        return new PoolEnvironment(
                address -> bindOnce(network, address, mayBind),
                PoolTime.system(),
                () -> new SplittableRandom(1),
                new SplittableRandom(1)::nextBytes,
                host -> {
                    throw new UnknownHostException(host);
                });
    }

    private static Endpoint bindOnce(MemoryNetwork network, InetSocketAddress address, CountDownLatch mayBind)
            throws IOException {
        try {
            mayBind.await();
            return network.bind(address);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }

    private static PoolSettings settings() throws UnknownHostException {
        return PoolSettings.of(
                "lan", PoolRules.open("self", SwimSettings.lan(), SerfSettings.serf()), PoolRig.selfAddress());
    }
}
