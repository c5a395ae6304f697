package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CryptoVectorTest {
    @TestFactory
    Stream<DynamicTest> envelopesAreSealedByteForByteAndOpenAgain() {
        return Vectors.each("encrypt.json", CryptoVectorTest::checkSealed);
    }

    @TestFactory
    Stream<DynamicTest> envelopesAreOpenedOrRefusedAsByTheRealOne() {
        return Vectors.each("decrypt.json", CryptoVectorTest::checkOpened);
    }

    @TestFactory
    Stream<DynamicTest> ringsGoThroughTheirOperationsAsTheRealOne() {
        return Vectors.each("keyring.json", CryptoVectorTest::checkRing);
    }

    private static void checkSealed(Vector vector) {
        JsonNode input = vector.input();
        GossipKey key = GossipKey.of(Vectors.bytes(input.path("key")).toArray());
        assertThat(GossipKey.parse(input.path("key_base64").asText())).isEqualTo(key);
        assertThat(key.toBase64(KeyAccess.KEY_LISTING))
                .isEqualTo(input.path("key_base64").asText());
        EnvelopeVersion version = input.path("version").asInt() == 0 ? EnvelopeVersion.V0 : EnvelopeVersion.V1;
        Octets nonce = Vectors.bytes(input.path("nonce"));
        Sealer sealer = new Sealer(nonce::copyTo, version);
        byte[] plain = Vectors.bytes(input.path("plain")).toArray();
        Octets aad = Vectors.bytes(input.path("aad"));
        Octets sealed = Octets.wrap(sealer.seal(key, plain, 0, plain.length, aad));
        assertThat(sealed).isEqualTo(Vectors.bytes(vector.expected().path("payload")));
        assertThat(sealed.length()).isEqualTo(sealer.sealedLength(plain.length));
        assertThat(new Opener().open(Keyring.of(key), sealed, aad))
                .isEqualTo(new Opened.Plain(Octets.copyOf(plain), key));
    }

    private static void checkOpened(Vector vector) {
        JsonNode input = vector.input();
        List<GossipKey> keys = keys(input.path("keys"));
        Keyring ring = keys.isEmpty()
                ? Keyring.empty()
                : Keyring.of(keys.get(0), keys.subList(1, keys.size()).toArray(new GossipKey[0]));
        Opened opened = new Opener().open(ring, Vectors.bytes(input.path("payload")), Vectors.bytes(input.path("aad")));
        if (vector.expected().path("accepted").asBoolean()) {
            assertThat(opened).isInstanceOf(Opened.Plain.class);
            assertThat(((Opened.Plain) opened).plain())
                    .isEqualTo(Vectors.bytes(vector.expected().path("plain")));
        } else {
            assertThat(opened).isInstanceOf(Opened.Refused.class);
        }
    }

    private static void checkRing(Vector vector) {
        Keyring ring = Keyring.empty();
        JsonNode results = vector.expected().path("steps");
        int at = 0;
        for (JsonNode step : vector.input().path("steps")) {
            JsonNode expected = results.get(at++);
            KeyringChange change = apply(ring, step);
            if (expected.path("ok").asBoolean()) {
                assertThat(change).as("step %s", at).isInstanceOf(KeyringChange.Done.class);
                ring = ((KeyringChange.Done) change).ring();
            } else {
                assertThat(change)
                        .as("step %s", at)
                        .isEqualTo(
                                new KeyringChange.Refused(expected.path("error").asText()));
            }
            assertThat(ring.keys()).as("step %s", at).isEqualTo(keys(expected.path("keys")));
        }
    }

    private static KeyringChange apply(Keyring ring, JsonNode step) {
        if (step.path("op").asText().equals("new")) {
            return Keyring.create(keys(step, "key").stream().findFirst(), keys(step.path("secondary")));
        }
        Optional<GossipKey> key;
        try {
            key = Optional.of(GossipKey.of(Vectors.bytes(step.path("key")).toArray()));
        } catch (IllegalArgumentException badSize) {
            return new KeyringChange.Refused(String.valueOf(badSize.getMessage()));
        }
        return switch (step.path("op").asText()) {
            case "install" -> ring.install(key.orElseThrow());
            case "use" -> ring.use(key.orElseThrow());
            case "remove" -> ring.remove(key.orElseThrow());
            default -> throw new IllegalArgumentException("no ring operation " + step);
        };
    }

    private static List<GossipKey> keys(JsonNode step, String name) {
        return step.path(name).isTextual() && !step.path(name).asText().isEmpty()
                ? List.of(GossipKey.of(Vectors.bytes(step.path(name)).toArray()))
                : List.of();
    }

    private static List<GossipKey> keys(JsonNode list) {
        List<GossipKey> keys = new ArrayList<>();
        Vectors.byteStrings(list).forEach(bytes -> keys.add(GossipKey.of(bytes.toArray())));
        return keys;
    }
}
