package io.sotto.wire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.Vectors.Vector;
import io.sotto.wire.WireText;
import io.sotto.wire.crypto.EnvelopeVersion;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.lzw.LzwEncoder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class PacketLayersVectorTest {
    private static final Limits LIMITS = Limits.defaults();
    private static final int PROTOCOL_WITH_VERSION_1_SEALS = 2;

    @TestFactory
    Stream<DynamicTest> compoundsArePackedByteForByte() {
        return Vectors.each(
                "compound-encode.json",
                vector -> assertThat(
                                Compound.pack(Vectors.byteStrings(vector.input().path("parts"))).stream()
                                        .map(Octets::wrap))
                        .isEqualTo(Vectors.byteStrings(vector.expected().path("compound"))));
    }

    @TestFactory
    Stream<DynamicTest> compoundsAreUnpackedAsFarAsTheyCanBe() {
        return Vectors.each("compound-decode.json", vector -> {
            Compound.Unpacked unpacked =
                    Compound.unpack(Vectors.bytes(vector.input().path("hex")));
            if (vector.expected().path("accepted").asBoolean()) {
                assertThat(unpacked)
                        .isEqualTo(new Compound.Unpacked.Parts(
                                Vectors.byteStrings(vector.expected().path("parts")),
                                vector.expected().path("truncated").asInt()));
            } else {
                assertThat(unpacked).isInstanceOf(Compound.Unpacked.Malformed.class);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> compressedBytesAreEqualWithTheRealOnesAndUnpackAgain() {
        return Vectors.each("compress-encode.json", vector -> {
            byte[] plain = Vectors.bytes(vector.input().path("plain")).toArray();
            Octets lzw = Octets.wrap(LzwEncoder.encode(plain, 0, plain.length));
            assertThat(lzw).isEqualTo(Vectors.bytes(vector.expected().path("lzw")));
            Octets message = Octets.wrap(Compression.compress(plain, 0, plain.length));
            assertThat(message).isEqualTo(Vectors.bytes(vector.expected().path("message")));
            assertThat(Compression.decompress(message.slice(1, message.length() - 1), plain.length, 16))
                    .isEqualTo(new Compression.Decompressed.Plain(Octets.copyOf(plain)));
        });
    }

    @TestFactory
    Stream<DynamicTest> compressedMessagesAreUnpackedOrRefusedAsByTheRealOne() {
        return Vectors.each("compress-decode.json", vector -> {
            Compression.Decompressed decompressed = Compression.decompress(
                    Vectors.bytes(vector.input().path("hex")), LIMITS.unpackedDatagramMaxBytes(), 16);
            if (vector.expected().path("accepted").asBoolean()) {
                assertThat(decompressed)
                        .isEqualTo(new Compression.Decompressed.Plain(
                                Vectors.bytes(vector.expected().path("plain"))));
            } else {
                assertThat(decompressed).isInstanceOf(Compression.Decompressed.Refused.class);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> checksumsAreEqualAndVerify() {
        return Vectors.each("crc.json", vector -> {
            Octets payload = Vectors.bytes(vector.input().path("payload"));
            Octets message = Octets.wrap(Checksum.add(payload.toArray()));
            assertThat(message).isEqualTo(Vectors.bytes(vector.expected().path("message")));
            assertThat(message.slice(1, 4))
                    .isEqualTo(Vectors.bytes(vector.expected().path("crc32")));
            assertThat(Checksum.verify(message)).isEqualTo(new Checksum.Verified.Intact(payload));
        });
    }

    @TestFactory
    Stream<DynamicTest> labelsArePutInFrontOrAreTooLong() {
        return Vectors.each("label-encode.json", vector -> {
            Octets label = WireText.encode(Vectors.text(vector.input().path("label")));
            byte[] payload = Vectors.bytes(vector.input().path("payload")).toArray();
            if (vector.expected().path("error").asText().isEmpty()) {
                assertThat(Octets.wrap(Label.add(label, payload)))
                        .isEqualTo(Vectors.bytes(vector.expected().path("packet")));
            } else {
                assertThatIllegalArgumentException().isThrownBy(() -> Label.add(label, payload));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> labelsAreTakenOffOrMalformed() {
        return Vectors.each("label-decode.json", vector -> {
            Label.Stripped stripped = Label.strip(Vectors.bytes(vector.input().path("packet")));
            JsonNode expected = vector.expected();
            if (expected.path("error").asText().isEmpty()) {
                assertThat(stripped)
                        .isEqualTo(new Label.Stripped.Labelled(
                                WireText.encode(Vectors.text(expected.path("label"))),
                                Vectors.bytes(expected.path("rest"))));
            } else {
                assertThat(stripped).isInstanceOf(Label.Stripped.Malformed.class);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> wholePacketsAreEqualWithTheRealOnes() {
        return Vectors.each(
                "packet-send.json",
                vector -> assertThat(Octets.wrap(packet(vector)))
                        .isEqualTo(Vectors.bytes(vector.expected().path("packet"))));
    }

    /** The way out of the house, in its one order. */
    private static byte[] packet(Vector vector) {
        JsonNode input = vector.input();
        Octets label = WireText.encode(Vectors.text(input.path("label")));
        byte[] packet = Vectors.bytes(input.path("message")).toArray();
        if (input.path("compression").asBoolean()) {
            packet = Compression.compressIfShorter(packet);
        }
        if (input.path("dest_pmax").asInt() >= Checksum.PMAX_MIN) {
            packet = Checksum.add(packet);
        }
        if (input.path("key").isTextual() && input.path("verify_outgoing").asBoolean()) {
            EnvelopeVersion version = input.path("protocol_version").asInt() < PROTOCOL_WITH_VERSION_1_SEALS
                    ? EnvelopeVersion.V0
                    : EnvelopeVersion.V1;
            Octets nonce = Vectors.bytes(input.path("nonce"));
            packet = new Sealer(nonce::copyTo, version)
                    .seal(GossipKey.of(Vectors.bytes(input.path("key")).toArray()), packet, 0, packet.length, label);
        }
        return Label.add(label, packet);
    }
}
