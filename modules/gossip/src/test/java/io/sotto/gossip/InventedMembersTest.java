package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.packet.Compound;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A key holder who invents members for minutes, each with a long name and as many tags as a member may have. */
class InventedMembersTest {
    private static final int MINUTES = 3;
    private static final int A_SECOND = 1_000;
    private static final int AT_ONCE = 100;
    private static final long HEAP_MAX_BYTES = 32L << 20;
    private static final InetSocketAddress SOURCE = VirtualPools.address(99);

    @Test
    void costsLittleMemoryAndTheRealMembersStay() throws InterruptedException {
        try (VirtualPools pools = new VirtualPools()) {
            pools.virtual.tolerateWarning("Refused a message");
            VirtualPools.Node a = pools.start("a");
            VirtualPools.Node b = pools.start("b");
            pools.join(b, a.target());
            // The network of the test keeps what is sent, and b would take up its share of the same heap.
            pools.cutOff(b);
            long before = heapBytes();
            SplittableRandom random = new SplittableRandom(1);

            for (int second = 0; second < 60 * MINUTES; second++) {
                for (int i = 0; i < A_SECOND; i += AT_ONCE) {
                    pools.network.inject(SOURCE, a.address(), Octets.wrap(invented(second * A_SECOND + i, random)));
                    pools.virtual.settle();
                }
                pools.virtual.pass(Duration.ofSeconds(1));
            }

            FloodSettings flood = FloodSettings.defaults();
            assertThat(a.state().members().records().size())
                    .isBetween(
                            flood.newMembersBurst(),
                            2 + flood.newMembersBurst() + flood.newMembersRate() * 60 * MINUTES);
            assertThat(a.state().rejections().count(Rejection.Reason.OVERLOAD)).isGreaterThan(100_000);
            assertThat(a.state().queues().claims()).isLessThanOrEqualTo(flood.newsMax());
            System.out.println(
                    "InventedMembersTest: " + a.state().members().records().size() + " members cost "
                            + (heapBytes() - before) / 1024 + " KiB, of which the network keeps "
                            + pools.network.sent().stream()
                                            .mapToLong(sent -> sent.bytes().length())
                                            .sum()
                                    / 1024
                            + " KiB");
            assertThat(heapBytes() - before).isLessThan(HEAP_MAX_BYTES);
            assertThat(a.names()).contains("a", "b");
        }
    }

    private static byte[] invented(int first, SplittableRandom random) {
        List<Octets> claims = new ArrayList<>();
        byte[] meta = new byte[512];
        for (int i = 0; i < AT_ONCE; i++) {
            random.nextBytes(meta);
            int number = first + i;
            NodeAddress address = new NodeAddress(
                    Octets.wrap(new byte[] {11, (byte) (number >> 16), (byte) (number >> 8), (byte) number}), 7_946);
            claims.add(Replies.encode(new SwimMessage.Alive(
                    1,
                    "invented-and-with-quite-a-long-name-" + number,
                    address,
                    Octets.copyOf(meta),
                    ProtocolVersions.SERF.toOctets())));
        }
        return Compound.pack(claims).get(0);
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
