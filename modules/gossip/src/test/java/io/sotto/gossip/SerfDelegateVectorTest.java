package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.gossip.VirtualPools.Node;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bodies of user messages as they come, through a whole pool: what of it is gossiped on, and in which bytes. */
class SerfDelegateVectorTest {
    @TestFactory
    Stream<DynamicTest> whatIsNoSerfMessageForGossipIsDroppedAndTheRestIsPassedOnAsItCame() {
        return Vectors.each("serf-delegate.json", SerfDelegateVectorTest::check);
    }

    private static void check(JsonNode input, JsonNode expected) {
        Octets body = Octets.hex(input.get("hex").asText());
        try (SerfPools serf = new SerfPools()) {
            serf.pools.virtual.tolerateWarning("memberlist: Refused a");
            Node self = serf.pools.start("self");
            long before = queued(self);

            serf.inject(VirtualPools.address(9), self, body);

            assertThat(queued(self) - before)
                    .as("messages gossiped on")
                    .isEqualTo(expected.path("rebroadcasts").size());
            if (expected.path("rebroadcasts").size() > 0) {
                Node other = serf.pools.start("other");
                int sent = serf.pools.network.sent().size();
                serf.pools.join(other, self.target());
                serf.pools.virtual.pass(Duration.ofSeconds(1));
                assertThat(serf.userMessages(self, sent))
                        .contains(
                                Octets.hex(expected.path("rebroadcasts").get(0).asText()));
            }
        }
    }

    private static long queued(Node node) {
        var counts = node.state().counters().queued;
        return counts.count(Broadcasts.Transmitted.INTENT)
                + counts.count(Broadcasts.Transmitted.QUERY)
                + counts.count(Broadcasts.Transmitted.EVENT);
    }
}
