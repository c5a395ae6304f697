package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.gossip.datapath.AllowList;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Reads the committed vector files; see the gossip specification, section 20. */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    /** What one record demands. */
    public interface Check {
        void run(JsonNode input, JsonNode expected) throws Exception;
    }

    /** One test per record, in the order of the file. */
    public static Stream<DynamicTest> each(String file, Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file), file)) {
            for (JsonNode record : JSON.readTree(in)) {
                tests.add(DynamicTest.dynamicTest(
                        record.get("name").asText(), () -> check.run(record.get("input"), record.get("expected"))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(tests).as("records of " + file).isNotEmpty();
        return tests.stream();
    }

    /** A key that is missing is not asserted; null equals an empty list. */
    public static void assertTexts(JsonNode expected, String key, List<String> actual) {
        if (expected.has(key)) {
            assertThat(actual).as(key).isEqualTo(texts(expected.get(key)));
        }
    }

    /** The texts of a list; none of null. */
    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** The policy that a record's input asks for; what it does not say is as a real agent has it by default. */
    public static WirePolicy policy(JsonNode input) {
        JsonNode cidrs = input.path("cidrs_allowed");
        return new WirePolicy(
                ring(input),
                input.path("verify_incoming").asBoolean(true),
                input.path("verify_outgoing").asBoolean(true),
                Octets.utf8(input.path("label").asText("")),
                input.path("skip_inbound_label_check").asBoolean(false),
                input.path("compression").asBoolean(true),
                // Vectors tell what the real implementations do, which filter claims only.
                new AllowList(AllowedNetworks.parse(texts(cidrs)), AllowList.Scope.CLAIMS));
    }

    /** {@code 127.0.0.77:5555}. */
    public static InetSocketAddress address(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.getByName(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    private static Keyring ring(JsonNode input) {
        List<String> keys = texts(input.path("keys"));
        if (input.path("key").isTextual()) {
            keys.add(input.path("key").asText());
        }
        if (keys.isEmpty()) {
            return Keyring.empty();
        }
        GossipKey[] others = keys.stream().skip(1).map(Vectors::key).toArray(GossipKey[]::new);
        return Keyring.of(key(keys.get(0)), others);
    }

    private static GossipKey key(String hex) {
        return GossipKey.of(Octets.hex(hex).toArray());
    }
}
