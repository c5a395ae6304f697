package io.sotto.gossip;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.keys.KeyringFile;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.ClaimPolicy;
import io.sotto.membership.Claims;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.admission.AdmissionRule;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A production pool of one node, {@code self} at 127.0.0.10:7946, over a network in memory, as the vectors want it: LAN
 * timing, the real implementations' rules for claims. On a system with manual time none of its timers ever fires.
 *
 * <p>Source: gossip specification, section 20.
 */
final class PoolRig {
    static final String SELF = "self";

    final MemoryNetwork network = new MemoryNetwork();
    final InetSocketAddress local;
    final WirePolicy policy;
    final PoolState state;
    private final ActorTestKit testKit;
    private final ActorRef<GossipPool.Command> pool;

    PoolRig(ActorTestKit testKit, JsonNode input, Octets meta, ProtocolVersions versions, Path keyringFile)
            throws Exception {
        this.testKit = testKit;
        this.local = selfAddress();
        this.policy = Vectors.policy(input);
        PoolTime time = PoolTime.system();
        PoolSettings settings = settings(policy, meta, versions, keyringFile);
        this.state = PoolState.create(settings, time);
        PoolEnvironment environment = environment(network, time);
        this.pool = testKit.spawn(GossipPool.create(settings, environment, state));
        TestProbe<GossipPool.Started> started = testKit.createTestProbe();
        pool.tell(new GossipPool.WhenStarted(started.getRef()));
        started.expectMessageClass(GossipPool.Started.Running.class);
        network.awaitReceiver(local);
        // The pool answers before its own record is published: the events begin with it.
        started.awaitAssert(() -> state.members().self().incarnation() == 1 ? true : fail("not published yet"));
    }

    /** What the vectors want of a pool; a keyring, if there is one, is in that file. */
    static PoolSettings settings(WirePolicy policy, Octets meta, ProtocolVersions versions, Path keyringFile)
            throws Exception {
        Optional<Path> file = policy.isKeyed() ? Optional.of(keyringFile) : Optional.empty();
        if (policy.isKeyed()) {
            new KeyringFile(keyringFile).store(policy.ring(), KeyringFile.Layout.COMPACT);
        }
        return PoolSettings.of(
                        "lan",
                        new PoolRules(
                                SELF,
                                SwimSettings.lan(),
                                SerfSettings.serf(),
                                AdmissionRule.acceptAll(),
                                policy.allowed().networks(),
                                ClaimPolicy.upstream()),
                        selfAddress())
                .withMeta(meta)
                .withVersions(versions)
                .withKeys(new KeySettings(Optional.empty(), file, policy.verifyIncoming(), policy.verifyOutgoing()))
                .withLabel(policy.label())
                .withCompression(policy.compression())
                .withAllowed(policy.allowed())
                .withClaims(Claims.UPSTREAM)
                .withCoordinates(PoolSettings.NetworkCoordinates.OFF);
    }

    /** Its network and time, chance from small seeds, and no names of hosts. */
    static PoolEnvironment environment(MemoryNetwork network, PoolTime time) {
        AtomicLong seeds = new AtomicLong(1);
        return new PoolEnvironment(
                network,
                time,
                () -> new SplittableRandom(seeds.getAndIncrement()),
                bytes -> new SplittableRandom(seeds.getAndIncrement()).nextBytes(bytes),
                host -> {
                    throw new UnknownHostException(host);
                });
    }

    static InetSocketAddress selfAddress() throws UnknownHostException {
        return Vectors.address("127.0.0.10:7946");
    }

    /** What an application is told from now on, this node itself included. */
    TestProbe<MemberEvent> subscribe() {
        TestProbe<MemberEvent> events = testKit.createTestProbe();
        pool.tell(new GossipPool.Subscribe(events.getRef()));
        MemberEvent first = events.receiveMessage(Duration.ofSeconds(10));
        if (!first.member().name().equals(SELF)) {
            throw new AssertionError(
                    "the first event is about " + first.member().name());
        }
        return events;
    }

    void tell(GossipPool.Command command) {
        pool.tell(command);
    }

    void stop() {
        testKit.stop(pool);
    }

    private static boolean fail(String text) {
        throw new AssertionError(text);
    }
}
