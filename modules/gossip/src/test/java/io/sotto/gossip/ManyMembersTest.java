package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sotto.membership.LamportFloors;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.PushPull;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A pool of 10,000 members is learnt in one exchange; what that costs must not grow with its square. */
class ManyMembersTest {
    private static final int MANY = 10_000;
    /** An actor, its mailbox, its machine and its messages; a copy of the whole table alone would be 250,000 on average. */
    private static final long BYTES_EACH = 60_000;

    private final Logger eachJoin = (Logger) LoggerFactory.getLogger(Members.class);
    private VirtualSystem virtual;

    @BeforeEach
    void start() throws InterruptedException {
        eachJoin.setLevel(Level.WARN);
        virtual = new VirtualSystem();
    }

    @AfterEach
    void stop() {
        virtual.close();
        eachJoin.setLevel(null);
    }

    @Test
    void learningAllMembersOfOnePushPullCostsTheSameForEach() throws InterruptedException {
        Published<MembersView> view = new Published<>(MembersView.alone(Samples.SELF));
        VirtualSystem.Recorder<Members.Merged> merged = virtual.recorder();
        VirtualSystem.Recorder<LocalMember.Command> local = virtual.recorder();
        ActorRef<Broadcasts.Command> nobody = virtual.system().ignoreRef();
        ActorRef<Members.Command> members = virtual.spawn(Members.create(new Members.Links(
                view,
                nobody,
                virtual.<Events.Command>recorder().ref(),
                local::ref,
                Samples.inflow(),
                FloodSettings.defaults(),
                Samples.RULES,
                Limits.defaults(),
                virtual.time(),
                refused -> {},
                surplus -> {},
                Samples.doubts(virtual),
                Samples.hearing(virtual.time()),
                Samples.ledger(),
                LamportFloors.none(),
                new PoolCounters())));
        PushPull remote = new PushPull(true, nodes(), Octets.empty());
        long before = allocatedBytes();

        virtual.tell(members, new Members.Merge(remote, merged.ref()));

        long each = (allocatedBytes() - before) / MANY;
        assertThat(merged.all()).hasSize(1);
        assertThat(view.get().size()).isEqualTo(MANY + 1);
        assertThat(view.get().poolSize()).isEqualTo(MANY + 1);
        assertThat(each).as("bytes allocated for a member").isLessThan(BYTES_EACH);
    }

    private static List<PushPull.Node> nodes() {
        List<PushPull.Node> nodes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Octets ip = Octets.wrap(new byte[] {10, 1, (byte) (i >> 8), (byte) i});
            nodes.add(new PushPull.Node(
                    "node-" + i,
                    new NodeAddress(ip, 7_946),
                    Octets.empty(),
                    1,
                    NodeState.ALIVE,
                    ProtocolVersions.SERF.toOctets()));
        }
        return nodes;
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
