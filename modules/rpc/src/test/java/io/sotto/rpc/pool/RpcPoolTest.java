package io.sotto.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over connections that a script makes, holds back and breaks, in virtual time. */
class RpcPoolTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RpcResult ANSWERED = new RpcResult.Answered(ScriptedServer.PONG);

    @Test
    void theFirstCallerDialsAndTheOthersWaitForWhatComesOfIt() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.server("a").dialTime = SECOND;
            List<CompletableFuture<RpcResult>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                calls.add(world.call("KVS.Apply"));
            }
            world.virtual.settle();
            assertThat(world.state.waiting()).isEqualTo(5);

            calls.forEach(
                    call -> assertThat(world.end(call, Duration.ofSeconds(2))).isEqualTo(ANSWERED));
            assertThat(world.server("a").dials).isEqualTo(1);
            assertThat(world.end(world.call("KVS.Apply"), SECOND)).isEqualTo(ANSWERED);
            assertThat(world.server("a").dials).as("the connection stays").isEqualTo(1);
        }
    }

    @Test
    void withoutServersACallEndsAtOnce() {
        try (PoolWorld world = new PoolWorld()) {
            assertThat(world.call("Status.Leader"))
                    .isCompletedWithValue(new RpcResult.Unreachable("No known Consul servers", false));
            RpcCaller nobody = world.calls.to(Callee.member("x"), method -> false);
            assertThat(PoolWorld.call(nobody, "App.Do", SECOND))
                    .isCompletedWithValue(new RpcResult.Unreachable("no member x takes calls", false));
        }
    }

    @Test
    void whatHasNotRunIsTriedOnEveryServerAtOnceAndThenUntilTheHoldTimeIsOver() {
        try (PoolWorld world = new PoolWorld().withServers("a", "b", "c")) {
            world.servers.values().forEach(server -> server.down = Optional.of("connection refused"));
            CompletableFuture<RpcResult> call = world.call("KVS.Apply");
            world.pass(Duration.ofMillis(10));
            assertThat(world.servers.values()).allMatch(server -> server.dials == 1);

            Duration took = world.virtual.runUntil("its end", call::isDone, Duration.ofSeconds(8));
            assertThat(took).isBetween(Duration.ofMillis(6_900), Duration.ofMillis(7_500));
            assertThat(call.join())
                    .isEqualTo(new RpcResult.Unreachable(
                            "rpc error getting client: failed to get conn: connection refused", false));
            assertThat(world.servers.values()).allMatch(server -> server.dials > 2 && server.diallingAtMost == 1);

            // Servers that come back in time are found.
            CompletableFuture<RpcResult> late = world.call("KVS.Apply");
            world.pass(SECOND);
            world.server("b").down = Optional.empty();
            assertThat(world.end(late, Duration.ofSeconds(6))).isEqualTo(ANSWERED);
        }
    }

    @Test
    void aWriteThatMayHaveRunIsNeverMadeAgainAndAReadIs() {
        try (PoolWorld world = new PoolWorld().withServers("a", "b")) {
            world.end(world.call("Status.Leader"), SECOND);
            ScriptedServer first = world.head();
            first.ran.clear();
            first.answers = request -> Optional.empty();
            CompletableFuture<RpcResult> write = world.call("KVS.Apply");
            CompletableFuture<RpcResult> read = world.call("KVS.Get");
            world.pass(Duration.ofMillis(10));
            first.last().breakDown();

            assertThat(world.end(write, SECOND))
                    .isEqualTo(new RpcResult.Unreachable("rpc error making call: EOF", true));
            assertThat(world.end(read, SECOND)).isEqualTo(ANSWERED);
            assertThat(first.ran).containsExactly("KVS.Apply", "KVS.Get");
            assertThat(world.head()).as("the other one is in use").isNotSameAs(first);
            assertThat(world.head().ran).containsExactly("KVS.Get");
        }
    }

    @Test
    void aServerWithoutALeaderIsAskedAgainUntilTheHoldTimeIsOver() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.server("a").answers = request -> Optional.of(new RpcResult.Failed("No cluster leader"));
            CompletableFuture<RpcResult> call = world.call("KVS.Apply");
            Duration took = world.virtual.runUntil("its end", call::isDone, Duration.ofSeconds(8));

            assertThat(took).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_500));
            assertThat(call.join()).isEqualTo(new RpcResult.Failed("rpc error making call: No cluster leader"));
            assertThat(world.server("a").ran).hasSizeBetween(16, 64);
            assertThat(world.server("a").dials).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rpc error getting client: failed to get conn: dial tcp 10.0.0.1:0->10.0.0.2:8300: connect: connection refused",
                "rpc error getting client: failed to start stream: session shutdown"
            })
    void aCallThatAServerCouldNotSendToTheLeaderIsTriedAgainEvenIfItWrites(String text) {
        assertThat(afterOneFailure("KVS.Apply", text)).isInstanceOf(RpcResult.Answered.class);
    }

    @Test
    void aReadThatWasLostBetweenAServerAndTheLeaderIsTriedAgainAndAWriteIsNot() {
        String lost = "rpc error making call: EOF";
        assertThat(afterOneFailure("KVS.Get", lost)).isInstanceOf(RpcResult.Answered.class);
        assertThat(afterOneFailure("KVS.Apply", lost))
                .isEqualTo(new RpcResult.Failed("rpc error making call: rpc error making call: EOF"));
        assertThat(afterOneFailure("KVS.Get", "rpc error making call: Permission denied"))
                .isEqualTo(new RpcResult.Failed("rpc error making call: rpc error making call: Permission denied"));
    }

    /** How a call ends whose first try the server answers with this error. */
    private static RpcResult afterOneFailure(String method, String error) {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            AtomicBoolean hasFailed = new AtomicBoolean();
            world.server("a").answers = request -> Optional.of(
                    hasFailed.getAndSet(true) ? new RpcResult.Answered(Octets.hex("80")) : new RpcResult.Failed(error));
            return world.end(world.call(method), SECOND);
        }
    }

    @Test
    void anErrorOfTheServersOwnIsNotTriedAgain() {
        try (PoolWorld world = new PoolWorld().withServers("a", "b")) {
            world.servers
                    .values()
                    .forEach(server ->
                            server.answers = request -> Optional.of(new RpcResult.Failed("Permission denied")));
            assertThat(world.end(world.call("KVS.Get"), SECOND))
                    .isEqualTo(new RpcResult.Failed("rpc error making call: Permission denied"));
            assertThat(world.server("a").ran.size() + world.server("b").ran.size())
                    .isEqualTo(1);
        }
    }

    @Test
    void everyCallEndsWithinItsTimeWhateverItWaitsFor() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            RpcResult timedOut = new RpcResult.TimedOut(SECOND);
            world.server("a").dialTime = Duration.ofSeconds(10);
            CompletableFuture<RpcResult> dialling = PoolWorld.call(world.toServers(), "KVS.Get", SECOND);
            world.pass(SECOND);
            assertThat(dialling).isCompletedWithValue(timedOut);
            assertThat(world.state.waiting()).isZero();

            world.pass(Duration.ofSeconds(10));
            world.server("a").answers = request -> Optional.empty();
            CompletableFuture<RpcResult> underWay = PoolWorld.call(world.toServers(), "KVS.Get", SECOND);
            world.pass(SECOND);
            assertThat(underWay).isCompletedWithValue(timedOut);

            world.server("a").answers = request -> Optional.of(new RpcResult.Failed("No cluster leader"));
            CompletableFuture<RpcResult> again = PoolWorld.call(world.toServers(), "KVS.Get", SECOND);
            world.pass(SECOND);
            assertThat(again).isCompletedWithValue(timedOut);
        }
    }

    @Test
    void moreCallsThanMayWaitAreTurnedAwayAndCancellingMakesRoom() {
        RpcPoolSettings defaults = RpcPoolSettings.defaults();
        RpcPoolSettings few = new RpcPoolSettings(
                defaults.holdTimeout(),
                defaults.idleTimeout(),
                defaults.drainTimeout(),
                defaults.rebalance(),
                defaults.backoffMin(),
                defaults.backoffMax(),
                2,
                defaults.limit());
        try (PoolWorld world = new PoolWorld(few, 1).withServers("a")) {
            world.server("a").dialTime = SECOND;
            CompletableFuture<RpcResult> first = world.call("KVS.Get");
            CompletableFuture<RpcResult> second = world.call("KVS.Get");
            assertThat(world.call("KVS.Get"))
                    .isCompletedWithValue(
                            new RpcResult.Overloaded("more calls wait for connections than rpc.max-waiting allows"));

            assertThat(first.cancel(false)).isTrue();
            assertThat(first).isCompletedWithValue(new RpcResult.Cancelled());
            CompletableFuture<RpcResult> third = world.call("KVS.Get");
            assertThat(world.end(second, Duration.ofSeconds(2))).isEqualTo(ANSWERED);
            assertThat(world.end(third, Duration.ofSeconds(2))).isEqualTo(ANSWERED);
            assertThat(world.server("a").ran).hasSize(2);
            assertThat(world.state.metrics())
                    .anyMatch(metric -> metric.name().equals(PoolMetric.REFUSED.metric())
                            && metric.labels().equals(List.of("waiting"))
                            && metric.value() == 1);
        }
    }

    @Test
    void cancellingACallThatIsUnderWayCancelsItOnItsConnection() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.server("a").answers = request -> Optional.empty();
            CompletableFuture<RpcResult> call = world.call("KVS.Get");
            world.pass(Duration.ofMillis(10));
            assertThat(world.server("a").last().inFlight()).isEqualTo(1);

            call.cancel(true);
            assertThat(call).isCompletedWithValue(new RpcResult.Cancelled());
            assertThat(world.server("a").last().inFlight()).isZero();
        }
    }

    @Test
    void callsToServersKeepToTheRateAndCallsToMembersAreNoneOfIts() {
        try (PoolWorld world = new PoolWorld().withServers("a").withMembers("web", "m")) {
            world.state.limit(new RpcPoolSettings.RateLimit(10, 3));
            List<CompletableFuture<RpcResult>> burst = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                burst.add(world.call("Status.Leader"));
            }
            assertThat(burst.get(3))
                    .isCompletedWithValue(new RpcResult.Overloaded("RPC rate limit exceeded (rpc.rate)"));
            RpcCaller member = world.calls.to(Callee.member("m"), method -> false);
            assertThat(world.end(PoolWorld.call(member, "App.Do", SECOND), SECOND))
                    .isEqualTo(ANSWERED);

            world.pass(Duration.ofMillis(100));
            assertThat(world.end(world.call("Status.Leader"), SECOND)).isEqualTo(ANSWERED);
            assertThat(world.call("Status.Leader")).isCompleted();
            world.state.limit(new RpcPoolSettings.RateLimit(-1, 1));
            for (int i = 0; i < 100; i++) {
                assertThat(world.end(world.call("Status.Leader"), SECOND)).isEqualTo(ANSWERED);
            }
        }
    }

    @Test
    void newTlsSettingsReplaceEveryConnectionAndNoCallFails() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            ScriptedServer server = world.server("a");
            server.answerTime = Duration.ofMillis(500);
            List<CompletableFuture<RpcResult>> calls = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                calls.add(world.call("KVS.Apply"));
                if (i == 200) {
                    server.dialTime = SECOND;
                    world.renew();
                }
                world.pass(Duration.ofMillis(10));
            }
            world.pass(SECOND);
            assertThat(calls).allMatch(call -> ANSWERED.equals(ScriptedServer.now(call)));
            assertThat(server.ran).hasSize(600);
            assertThat(server.links).hasSize(2);
            assertThat(server.open()).containsExactly(server.last());
            assertThat(server.last().tlsGeneration()).isEqualTo(2);
        }
    }

    @Test
    void anOldConnectionWhoseSuccessorNeverComesEndsWithinTheDrainTime() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.end(world.call("KVS.Get"), SECOND);
            world.server("a").down = Optional.of("connection refused");
            world.renew();
            world.pass(Duration.ofSeconds(5));
            assertThat(world.end(world.call("KVS.Get"), SECOND)).isEqualTo(ANSWERED);

            world.pass(Duration.ofSeconds(8));
            assertThat(world.server("a").open()).isEmpty();
            world.server("a").down = Optional.empty();
            assertThat(world.end(world.call("KVS.Get"), Duration.ofSeconds(7))).isEqualTo(ANSWERED);
        }
    }

    @Test
    void aPeerThatTakesNoMoreCallsIsDialledAnewAndNoCallFails() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            ScriptedServer server = world.server("a");
            server.answerTime = Duration.ofMillis(300);
            server.dialTime = Duration.ofMillis(50);
            List<CompletableFuture<RpcResult>> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                calls.add(world.call("KVS.Apply"));
                if (i % 100 == 50) {
                    server.last().drain();
                }
                world.pass(Duration.ofMillis(10));
            }
            world.pass(SECOND);
            assertThat(calls).allMatch(call -> ANSWERED.equals(ScriptedServer.now(call)));
            assertThat(server.ran).hasSize(300);
            assertThat(server.links).hasSize(4);
        }
    }

    @Test
    void aPeerThatBeginsToTakeTlsIsDialledAnew() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.end(world.call("KVS.Get"), SECOND);
            world.server("a").isTls = true;
            RpcPeer before = Objects.requireNonNull(world.peers.get("a"));
            world.peers.put(
                    "a",
                    new RpcPeer(
                            "a",
                            before.address(),
                            true,
                            before.datacenter(),
                            before.role(),
                            before.isSotto(),
                            before.expected()));
            world.tellPeers();
            world.pass(Duration.ofSeconds(5));
            assertThat(world.server("a").open()).singleElement().matches(ScriptedServer.Link::isTls);
            world.tellPeers();
            world.pass(Duration.ofSeconds(5));
            assertThat(world.server("a").dials).isEqualTo(2);
        }
    }

    @Test
    void aConnectionIsClosedOnceNoCallHasUsedItForSoLong() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            ScriptedServer server = world.server("a");
            world.end(world.call("KVS.Get"), SECOND);
            // The server in use is asked whether it is there meanwhile; this one is a member's.
            world.withMembers("web", "m");
            RpcCaller member = world.calls.to(Callee.member("m"), method -> false);
            world.end(PoolWorld.call(member, "App.Do", SECOND), SECOND);
            world.pass(Duration.ofSeconds(100));
            world.end(PoolWorld.call(member, "App.Do", SECOND), SECOND);
            world.pass(Duration.ofSeconds(126));
            assertThat(world.server("m").open()).hasSize(1);
            world.pass(Duration.ofSeconds(2));
            assertThat(world.server("m").open()).isEmpty();

            world.server("m").answers = request -> Optional.empty();
            CompletableFuture<RpcResult> slow = PoolWorld.call(member, "App.Wait", Duration.ofMinutes(5));
            world.pass(Duration.ofMinutes(4));
            assertThat(world.server("m").open()).as("never under a call").hasSize(1);
            assertThat(world.end(slow, Duration.ofMinutes(2))).isInstanceOf(RpcResult.TimedOut.class);
            assertThat(server.links).isNotEmpty();
        }
    }

    @Test
    void theServerInUseIsChangedEveryTwoToThreeMinutesForOneThatAnswers() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            Duration first = world.virtual.runUntil(
                    "a ping", () -> world.server("a").ran.contains("Status.Ping"), Duration.ofSeconds(181));
            assertThat(first).isGreaterThanOrEqualTo(Duration.ofMinutes(2));

            world.withServers("b", "c");
            world.server("b").down = Optional.of("connection refused");
            world.pass(Duration.ofMinutes(30));
            assertThat(world.server("c").ran.size()).isGreaterThan(2);
            assertThat(world.server("a").ran.size()).isGreaterThan(2);
            assertThat(world.head()).isNotSameAs(world.server("b"));
        }
    }

    @Test
    void theServerInUseKeepsItsPlaceWhenOthersComeAndGo() {
        try (PoolWorld world = new PoolWorld().withServers("a", "b", "c")) {
            world.end(world.call("KVS.Get"), SECOND);
            ScriptedServer head = world.head();
            world.withServers("d", "e");
            assertThat(world.head()).isSameAs(head);
            String other = world.state.servers(PoolWorld.HOME).get(1).name();
            world.peers.remove(other);
            world.tellPeers();
            assertThat(world.head()).isSameAs(head);
            assertThat(world.state.servers(PoolWorld.HOME)).hasSize(4);
        }
    }

    @Test
    void whoIsGoneGetsNoFurtherCallAndThoseUnderWayMayEnd() {
        try (PoolWorld world = new PoolWorld().withServers("a", "b")) {
            world.end(world.call("KVS.Get"), SECOND);
            ScriptedServer gone = world.head();
            gone.answerTime = Duration.ofSeconds(3);
            CompletableFuture<RpcResult> underWay = world.call("KVS.Apply");
            world.pass(Duration.ofMillis(10));
            world.peers.remove(world.state.servers(PoolWorld.HOME).get(0).name());
            world.tellPeers();

            assertThat(world.end(world.call("KVS.Get"), SECOND)).isEqualTo(ANSWERED);
            assertThat(world.end(underWay, Duration.ofSeconds(4))).isEqualTo(ANSWERED);
            assertThat(gone.open()).isEmpty();
            assertThat(gone.ran).hasSize(2);
        }
    }

    @Test
    void callsToARoleAreSpreadAndPassBySuchAsAreDown() {
        try (PoolWorld world =
                new PoolWorld().withMembers("web", "m1", "m2", "m3").withMembers("db", "d")) {
            RpcCaller web = world.calls.to(Callee.role("web"), method -> false);
            for (int i = 0; i < 30; i++) {
                assertThat(world.end(PoolWorld.call(web, "App.Do", SECOND), SECOND))
                        .isEqualTo(ANSWERED);
            }
            assertThat(world.server("m1").ran).hasSize(10);
            assertThat(world.server("d").ran).isEmpty();

            world.server("m1").down = Optional.of("connection refused");
            world.server("m1").last().breakDown();
            for (int i = 0; i < 30; i++) {
                assertThat(world.end(PoolWorld.call(web, "App.Do", SECOND), SECOND))
                        .isEqualTo(ANSWERED);
            }
            assertThat(world.server("m1").ran).hasSize(10);
        }
    }

    @Test
    void aFaultOfAMemberIsToldInItsOwnWords() {
        try (PoolWorld world = new PoolWorld().withMembers("web", "m")) {
            world.server("m").answers = request -> Optional.of(new RpcResult.Failed("sold out"));
            RpcCaller member = world.calls.to(Callee.member("m"), method -> false);
            assertThat(world.end(PoolWorld.call(member, "App.Do", SECOND), SECOND))
                    .isEqualTo(new RpcResult.Failed("sold out"));
        }
    }

    @Test
    void anActorThatFailsBeginsAnewAndWhoWaitsIsServed() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.throwing.set(2);
            assertThat(world.end(world.call("KVS.Apply"), Duration.ofSeconds(5)))
                    .isEqualTo(ANSWERED);
            assertThat(world.state.restarts.sum()).isEqualTo(2);
        }
    }

    @Test
    void aFaultOfThePoolLosesNoConnectionNoCallAndNoListOfPeers() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            assertThat(world.end(world.call("Catalog.ListNodes"), Duration.ofSeconds(1)))
                    .isInstanceOf(RpcResult.Answered.class);
            CompletableFuture<RpcResult> underWay = world.call("Catalog.ListNodes");
            world.faults.set(1);
            world.withServers("b");
            assertThat(world.faults).hasValue(0);

            assertThat(world.end(underWay, Duration.ofSeconds(1))).isInstanceOf(RpcResult.Answered.class);
            assertThat(world.end(world.call("Catalog.ListNodes"), Duration.ofSeconds(1)))
                    .isInstanceOf(RpcResult.Answered.class);
            assertThat(world.state.servers(PoolWorld.HOME)).hasSize(2);
        }
    }

    @Test
    void stoppingLetsCallsEndAndTurnsAwayLaterOnes() {
        try (PoolWorld world = new PoolWorld().withServers("a")) {
            world.end(world.call("KVS.Get"), SECOND);
            world.server("a").answerTime = Duration.ofSeconds(3);
            CompletableFuture<RpcResult> underWay = world.call("KVS.Apply");
            world.pass(Duration.ofMillis(10));
            var stopped = world.virtual.<Done>recorder();
            world.pool.tell(new RpcPool.Stop(stopped.ref()));
            world.pass(SECOND);
            assertThat(stopped.all()).isEmpty();
            assertThat(world.call("KVS.Get"))
                    .isCompletedWithValue(new RpcResult.Unreachable("No known Consul servers", false));

            assertThat(world.end(underWay, Duration.ofSeconds(3))).isEqualTo(ANSWERED);
            world.pass(SECOND);
            assertThat(stopped.all()).hasSize(1);
        }
    }
}
