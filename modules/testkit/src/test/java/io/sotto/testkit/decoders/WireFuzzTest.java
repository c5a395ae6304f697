package io.sotto.testkit.decoders;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.crypto.EnvelopeVersion;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.lzw.LzwDecoder;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.Tags;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.packet.Checksum;
import io.sotto.wire.packet.Compound;
import io.sotto.wire.packet.Compression;
import io.sotto.wire.packet.Label;
import io.sotto.wire.packet.Unwrapper;
import io.sotto.wire.record.Codec;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.rpc.ResponseHeader;
import io.sotto.wire.rpc.consul.ConsulMethod;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every decoder of the wire, one target each: whatever the bytes, it returns, within its limits.
 *
 * <p>As a test it runs over the committed inputs; with {@code JAZZER_FUZZ=1} it looks for new ones.
 */
class WireFuzzTest {
    private static final Limits LIMITS = Limits.defaults();
    private static final GossipKey KEY = GossipKey.of(new byte[16]);
    private static final GossipKey OTHER_KEY = GossipKey.of(new byte[32]);

    @FuzzTest(maxDuration = "60s")
    void swimMessage(byte[] bytes) {
        Octets input = Octets.wrap(bytes.clone());
        Decoded decoded = SwimCodec.decode(input, LIMITS);
        if (decoded instanceof Decoded.Message message) {
            // What was understood once is understood the same way when it is told on.
            Octets told = Octets.wrap(SwimCodec.encode(message.message()));
            assertThat(SwimCodec.decode(told, LIMITS)).isEqualTo(decoded);
        }
        assertThat(input).isEqualTo(Octets.wrap(bytes));
    }

    @FuzzTest(maxDuration = "60s")
    void serfMessage(byte[] bytes) {
        assertThat(SerfCodec.decode(Octets.wrap(bytes), LIMITS)).isNotNull();
    }

    @FuzzTest(maxDuration = "60s")
    void tags(byte[] bytes) {
        assertThat(Tags.decode(Octets.wrap(bytes)).size()).isLessThanOrEqualTo(1 + bytes.length / 2);
    }

    @FuzzTest(maxDuration = "60s")
    void unwrapping(byte[] bytes) {
        Unwrapper.Unwrapped unwrapped = Unwrapper.unwrap(Octets.wrap(bytes), LIMITS);
        long unpacked = unwrapped.messages().stream().mapToLong(Octets::length).sum();
        assertThat(unpacked).isLessThanOrEqualTo(bytes.length + (long) LIMITS.unpackedDatagramMaxBytes());
        assertThat(unwrapped.messages()).noneMatch(Octets::isEmpty);
    }

    @FuzzTest(maxDuration = "60s")
    void compound(byte[] bytes) {
        if (Compound.unpack(Octets.wrap(bytes)) instanceof Compound.Unpacked.Parts parts) {
            assertThat(parts.parts().size() + parts.truncated()).isLessThanOrEqualTo(Compound.PARTS_MAX);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void compression(byte[] bytes) {
        int maxBytes = LIMITS.unpackedDatagramMaxBytes();
        if (Compression.decompress(Octets.wrap(bytes), maxBytes, LIMITS.msgpackMaxDepth())
                instanceof Compression.Decompressed.Plain plain) {
            assertThat(plain.plain().length()).isLessThanOrEqualTo(maxBytes);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void lzw(byte[] bytes) {
        if (LzwDecoder.decode(Octets.wrap(bytes), 10_000) instanceof LzwDecoder.Result.Plain plain) {
            assertThat(plain.plain().length()).isLessThanOrEqualTo(10_000);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void label(byte[] bytes) {
        Octets input = Octets.wrap(bytes);
        if (Label.strip(input) instanceof Label.Stripped.Labelled labelled) {
            int header = Label.overheadBytes(labelled.label());
            assertThat(header + labelled.rest().length()).isEqualTo(bytes.length);
        }
        if (Checksum.verify(input) instanceof Checksum.Verified.Intact intact) {
            assertThat(intact.rest().length()).isLessThanOrEqualTo(bytes.length);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void opener(byte[] bytes) {
        Octets input = Octets.wrap(bytes);
        Opened opened = new Opener().open(Keyring.of(KEY, OTHER_KEY), input, Octets.empty());
        if (opened instanceof Opened.Plain plain) {
            assertThat(plain.plain().length()).isLessThan(bytes.length);
        }
        // The same bytes as authentic content, whose version byte and padding are then read back wrongly.
        byte[] sealed = new Sealer((target, offset) -> {}, EnvelopeVersion.V1).seal(KEY, bytes, 0, bytes.length, input);
        sealed[0] = 0;
        assertThat(new Opener().open(Keyring.of(KEY), Octets.wrap(sealed), input))
                .isNotNull();
    }

    @FuzzTest(maxDuration = "60s")
    void msgpack(byte[] bytes) {
        MsgpackReader in = new MsgpackReader(bytes, 0, bytes.length, LIMITS.msgpackMaxDepth());
        for (int i = 0; i <= bytes.length && !in.hasFailed(); i++) {
            in.skip();
        }
        assertThat(in.hasFailed()).as("there are no more values than bytes").isTrue();
        assertThat(in.consumed()).isLessThanOrEqualTo(bytes.length);
        assertThat(WireText.encode(WireText.decode(bytes, 0, bytes.length))).isEqualTo(Octets.wrap(bytes));
    }

    @FuzzTest(maxDuration = "60s")
    void streamRequest(byte[] bytes) {
        read(StreamRole.REQUEST, Optional.empty(), bytes);
        read(StreamRole.REQUEST, Optional.of(Keyring.of(KEY)), bytes);
    }

    @FuzzTest(maxDuration = "60s")
    void streamAnswer(byte[] bytes) {
        read(StreamRole.ANSWER, Optional.empty(), bytes);
        read(StreamRole.ANSWER, Optional.of(Keyring.of(KEY)), bytes);
    }

    @FuzzTest(maxDuration = "60s")
    void objectsOfCalls(byte[] bytes) {
        ObjectSplitter atOnce = new ObjectSplitter(10_000);
        atOnce.offer(bytes, 0, bytes.length);
        List<Octets> objects = new ArrayList<>();
        for (Optional<Octets> next = atOnce.next(); next.isPresent(); next = atOnce.next()) {
            objects.add(next.get());
        }
        ObjectSplitter drops = new ObjectSplitter(10_000);
        List<Octets> dropped = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            drops.offer(bytes, i, 1);
            drops.next().ifPresent(dropped::add);
        }
        assertThat(dropped).isEqualTo(objects);
        assertThat(drops.failure()).isEqualTo(atOnce.failure());
        assertThat(objects).allMatch(object -> object.length() <= 10_000);
        for (Octets object : objects) {
            RequestHeader.decode(object)
                    .ifPresent(header -> assertThat(RequestHeader.decode(
                                    Octets.wrap(header.write(0).toByteArray())))
                            .contains(header));
            ResponseHeader.decode(object);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void consulCalls(byte[] bytes) {
        for (ConsulMethod<?, ?> method : ConsulMethods.all()) {
            comesOutTheSame(method.requests(), Octets.wrap(bytes));
            comesOutTheSame(method.answers(), Octets.wrap(bytes));
        }
    }

    /** What was understood once is understood the same way when it is told on. */
    private static <T> void comesOutTheSame(Codec<T> codec, Octets bytes) {
        if (codec.decode(bytes) instanceof Decoding.Value<T> value) {
            Octets told = codec.encode(value.value());
            assertThat(codec.decode(told)).isEqualTo(value);
        }
        codec.decodeTree(bytes);
    }

    /** In two pieces and byte by byte comes to the same. */
    private static void read(StreamRole role, Optional<Keyring> ring, byte[] bytes) {
        StreamPolicy policy = new StreamPolicy(ring, true, true, Octets.empty(), false, true);
        StreamReader halves = new StreamReader(role, policy, LIMITS, new Opener());
        int half = bytes.length / 2;
        halves.feed(Octets.copyOf(bytes, 0, half));
        halves.feed(Octets.copyOf(bytes, half, bytes.length - half));
        StreamReader drops = new StreamReader(role, policy, LIMITS, new Opener());
        for (int i = 0; i < bytes.length; i++) {
            drops.feed(Octets.copyOf(bytes, i, 1));
        }
        StreamProgress atOnce = halves.end();
        assertThat(atOnce).isNotInstanceOf(StreamProgress.NeedMore.class);
        assertThat(drops.end().getClass()).isEqualTo(atOnce.getClass());
    }
}
