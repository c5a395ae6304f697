package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.gossip.Vectors;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.EnvelopeVersion;
import io.sotto.wire.crypto.NonceSource;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.packet.Checksum;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The way out byte for byte, through the stages. Source: gossip specification, section 4; memberlist 0.5.0 wrote the
 * expected bytes.
 */
class PacketSendVectorTest {
    private static ActorTestKit testKit;

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @TestFactory
    Stream<DynamicTest> packetSend() {
        return Vectors.each("packet-send.json", PacketSendVectorTest::check);
    }

    private static void check(JsonNode input, JsonNode expected) throws Exception {
        byte[] nonce = Octets.hex(input.get("nonce").asText()).toArray();
        NonceSource nonces = (target, offset) -> System.arraycopy(nonce, 0, target, offset, nonce.length);
        EnvelopeVersion version = input.get("protocol_version").asInt() == 1 ? EnvelopeVersion.V0 : EnvelopeVersion.V1;
        DatapathRig rig = new DatapathRig(testKit.system(), Vectors.policy(input), new Sealer(nonces, version));
        InetSocketAddress to = Vectors.address("127.0.0.99:7946");

        Outbound outbound = new Outbound(
                to,
                List.of(Octets.hex(input.get("message").asText())),
                input.get("dest_pmax").asInt() >= Checksum.PMAX_MIN);
        List<MemoryNetwork.Sent> sent = rig.send(outbound, 1);

        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).to()).isEqualTo(to);
        assertThat(sent.get(0).bytes().toHex()).isEqualTo(expected.get("packet").asText());
    }
}
