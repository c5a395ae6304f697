package io.sotto.wire.stream;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.PushPullCodec;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.message.UserMessageHeader;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.packet.Compression;
import io.sotto.wire.packet.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the one message of one direction of one stream, as its bytes arrive.
 *
 * <p>Memory grows with the bytes that arrived, never with lengths that were declared, and work grows with them too: a part
 * is looked at again only when as many bytes have come as it must at least still have. After {@code Complete} or {@code
 * Refused} the same answer is given to everything.
 *
 * <p>One owner, no other thread; the {@link Opener} may serve many readers of that owner. Source: gossip specification,
 * sections 5, 7 and 8.
 */
public final class StreamReader {
    private static final int LABEL_HEADER_BYTES = 2;

    /** A message other than a push/pull or a user message, or one of their headers, is never as long as this. */
    private static final int PART_MAX_BYTES = 1 << 16;

    /** Nor is one record of a push/pull, even one with values beyond their limits, which is left out. */
    private static final int RECORD_MAX_BYTES = 1 << 20;

    /** What a record takes of memory beside its name and its tags, about. */
    private static final int RECORD_OVERHEAD_BYTES = 240;

    private enum Stage {
        LABEL,
        OUTER_TYPE,
        FRAME,
        COMPRESSED,
        INNER_TYPE,
        BODY,
        USER_HEADER,
        USER_BODY,
        EXCHANGE_HEADER,
        EXCHANGE_NODES,
        EXCHANGE_STATE
    }

    private final StreamRole role;
    private final StreamPolicy policy;
    private final Limits limits;
    private final Opener opener;
    private final StreamBuffer buffer = new StreamBuffer();
    private final List<PushPull.Node> nodes = new ArrayList<>();
    private Stage stage;
    private Octets label;
    private long needed = 1;
    private long arrived;
    private boolean isSealed;
    private int type;
    private PushPullCodec.Header exchange = new PushPullCodec.Header(0, 0, false);
    private long recordsLeft;
    private int droppedRecords;
    private long recordBytes;
    private StreamProgress progress = StreamProgress.NeedMore.INSTANCE;

    /** Begins at the start of a connection's one direction. */
    public StreamReader(StreamRole role, StreamPolicy policy, Limits limits, Opener opener) {
        this.role = role;
        this.policy = policy;
        this.limits = limits;
        this.opener = opener;
        this.label = policy.label();
        this.stage = role == StreamRole.REQUEST ? Stage.LABEL : Stage.OUTER_TYPE;
    }

    /** Takes the next bytes, of which it keeps a copy if it needs one. */
    public StreamProgress feed(Octets chunk) {
        if (isOver()) {
            return progress;
        }
        arrived += chunk.length();
        if (arrived > limits.streamUnpackedMaxBytes()) {
            return refuse(Reason.BOUNDS, "a stream of more than " + limits.streamUnpackedMaxBytes() + " bytes");
        }
        buffer.append(chunk);
        while (!isOver() && buffer.available() >= needed) {
            progress = step();
        }
        // What a layer held cannot become more.
        return !isOver() && buffer.isWhole() ? refuse(Reason.TRUNCATED, "the message inside is cut short") : progress;
    }

    /** The peer closed its side: what is not complete now never will be. */
    public StreamProgress end() {
        return isOver() ? progress : refuse(Reason.TRUNCATED, "closed before the message was whole");
    }

    /** The key that opened the message, once it is complete and if it was sealed. */
    public Optional<GossipKey> openedWith() {
        return isSealed ? Optional.of(opener.openedWith()) : Optional.empty();
    }

    /** What it holds of memory, about: bytes not yet used, and records read. */
    public long heldBytes() {
        return buffer.available() + recordBytes;
    }

    /** The label that the request came under, once its first bytes have been read; an answer's is ours. */
    public Octets label() {
        return label;
    }

    private boolean isOver() {
        return progress != StreamProgress.NeedMore.INSTANCE;
    }

    /** Goes one step, for which as many bytes as needed are there. */
    private StreamProgress step() {
        return switch (stage) {
            case LABEL -> admit();
            case OUTER_TYPE -> outerType();
            case FRAME -> frame();
            case COMPRESSED -> compressed();
            case INNER_TYPE -> innerType();
            case BODY -> body();
            case USER_HEADER -> userHeader();
            case USER_BODY -> complete(new StreamMessage.Swim(new SwimMessage.User(buffer.take((int) needed))));
            case EXCHANGE_HEADER -> exchangeHeader();
            case EXCHANGE_NODES -> exchangeNodes();
            case EXCHANGE_STATE ->
                complete(new StreamMessage.Exchange(new PushPull(exchange.join(), nodes, buffer.take((int) needed))));
        };
    }

    private StreamProgress admit() {
        boolean isLabelled = buffer.at(0) == Label.TYPE;
        if (isLabelled && !policy.skipInboundLabelCheck()) {
            if (buffer.available() < LABEL_HEADER_BYTES) {
                return await(Stage.LABEL, LABEL_HEADER_BYTES);
            }
            int whole = LABEL_HEADER_BYTES + buffer.at(1);
            if (whole > LABEL_HEADER_BYTES && buffer.available() < whole) {
                return await(Stage.LABEL, whole);
            }
        }
        Label.Admitted admitted = Label.admit(
                buffer.view(0, buffer.available()),
                policy.label(),
                policy.otherLabels(),
                policy.skipInboundLabelCheck());
        if (admitted instanceof Label.Admitted.Rest rest) {
            // A view of the buffer, which goes on to hold other bytes.
            label = Octets.wrap(rest.label().toArray());
            buffer.skip(buffer.available() - rest.rest().length());
            return await(Stage.OUTER_TYPE, 1);
        }
        return refuse(Reason.LABEL, ((Label.Admitted.Refused) admitted).detail());
    }

    private StreamProgress outerType() {
        if (buffer.at(0) == StreamWriter.ENCRYPTED) {
            return policy.isKeyed()
                    ? await(Stage.FRAME, StreamWriter.FRAME_HEADER_BYTES)
                    : refuseAloud(Reason.NO_KEY, "Remote state is encrypted and encryption is not configured");
        }
        if (policy.isKeyed() && policy.verifyIncoming()) {
            return refuseAloud(Reason.PLAINTEXT, "Encryption is configured but remote state is not encrypted");
        }
        return layerOrMessage();
    }

    private StreamProgress layerOrMessage() {
        if (buffer.at(0) == Compression.TYPE) {
            buffer.skip(1);
            return await(Stage.COMPRESSED, 1);
        }
        return innerType();
    }

    private StreamProgress frame() {
        long length = 0;
        for (int i = 1; i < StreamWriter.FRAME_HEADER_BYTES; i++) {
            length = (length << 8) | buffer.at(i);
        }
        if (length > limits.streamFrameMaxBytes()) {
            return refuseAloud(Reason.BOUNDS, "Remote node state is larger than limit (" + length + ")");
        }
        long whole = StreamWriter.FRAME_HEADER_BYTES + length;
        if (buffer.available() < whole) {
            return await(Stage.FRAME, whole);
        }
        Octets aad = StreamWriter.associatedData((int) length, label);
        Octets payload = buffer.view(StreamWriter.FRAME_HEADER_BYTES, (int) length);
        Opened opened = opener.open(policy.ring().orElse(Keyring.empty()), payload, aad);
        if (opened instanceof Opened.Refused refused) {
            return refuseAloud(refused.reason(), refused.detail());
        }
        isSealed = true;
        return enter(((Opened.Plain) opened).plain(), "decrypted");
    }

    private StreamProgress compressed() {
        MsgpackReader in = buffer.reader(limits.msgpackMaxDepth());
        Compression.Envelope envelope = Compression.readEnvelope(in);
        if (in.fault() == MsgpackReader.Fault.TRUNCATED && !buffer.isWhole()) {
            return awaitMore(in, limits.streamFrameMaxBytes());
        }
        long maxBytes = Math.min(
                limits.streamUnpackedMaxBytes(),
                (long) limits.streamExpansionMaxRatio() * envelope.packed().length());
        Compression.Decompressed unpacked = envelope.unpack(in, (int) maxBytes);
        if (unpacked instanceof Compression.Decompressed.Refused refused) {
            return refuseAloud(refused.reason(), refused.detail());
        }
        stage = Stage.INNER_TYPE;
        return enter(((Compression.Decompressed.Plain) unpacked).plain(), "decompressed");
    }

    /** Goes on inside a layer: in a frame there may be a compressed message, in that there may not be another. */
    private StreamProgress enter(Octets content, String how) {
        if (content.isEmpty()) {
            return refuseAloud(Reason.MALFORMED, how + " message is empty");
        }
        buffer.replace(content);
        needed = 1;
        return stage == Stage.INNER_TYPE ? innerType() : layerOrMessage();
    }

    private StreamProgress innerType() {
        type = buffer.at(0);
        if (!role.reads(type)) {
            return refuse(Reason.TYPE, "Received invalid msgType (" + type + ")");
        }
        buffer.skip(1);
        if (type == PushPullCodec.TYPE) {
            return await(Stage.EXCHANGE_HEADER, 1);
        }
        return await(type == SwimMessage.Kind.USER.code() ? Stage.USER_HEADER : Stage.BODY, 1);
    }

    private StreamProgress body() {
        MsgpackReader in = buffer.reader(limits.msgpackMaxDepth());
        Decoded decoded = SwimCodec.decodeBody(type, in, limits);
        if (decoded instanceof Decoded.Message message) {
            return complete(new StreamMessage.Swim(message.message()));
        }
        Decoded.Malformed malformed = (Decoded.Malformed) decoded;
        return in.fault() == MsgpackReader.Fault.TRUNCATED
                ? awaitMore(in, PART_MAX_BYTES)
                : refuse(malformed.reason(), malformed.detail());
    }

    private StreamProgress userHeader() {
        MsgpackReader in = buffer.reader(limits.msgpackMaxDepth());
        long length = UserMessageHeader.read(in);
        if (in.hasFailed()) {
            return awaitMoreOrRefuse(in, PART_MAX_BYTES);
        }
        if (length < 0 || length > limits.userMessageMaxBytes()) {
            return refuse(Reason.BOUNDS, "a user message of " + length + " bytes");
        }
        buffer.skip(in.consumed());
        return await(Stage.USER_BODY, length);
    }

    private StreamProgress exchangeHeader() {
        MsgpackReader in = buffer.reader(limits.msgpackMaxDepth());
        exchange = PushPullCodec.readHeader(in);
        if (in.hasFailed()) {
            return awaitMoreOrRefuse(in, PART_MAX_BYTES);
        }
        if (exchange.nodes() < 0 || exchange.nodes() > limits.pushPullMaxNodes()) {
            return refuse(Reason.BOUNDS, "a push/pull of " + exchange.nodes() + " records");
        }
        if (exchange.userStateBytes() < 0 || exchange.userStateBytes() > limits.userStateMaxBytes()) {
            return refuse(Reason.BOUNDS, "a push/pull with " + exchange.userStateBytes() + " bytes of user state");
        }
        buffer.skip(in.consumed());
        recordsLeft = exchange.nodes();
        return awaitRecords();
    }

    private StreamProgress exchangeNodes() {
        MsgpackReader in = buffer.reader(limits.msgpackMaxDepth());
        Optional<PushPull.Node> node = PushPullCodec.readNode(in, limits);
        if (in.hasFailed()) {
            return awaitMoreOrRefuse(in, RECORD_MAX_BYTES);
        }
        if (node.isPresent()) {
            nodes.add(node.get());
            recordBytes += RECORD_OVERHEAD_BYTES
                    + node.get().name().length()
                    + node.get().meta().length();
        } else {
            droppedRecords++;
        }
        if (recordBytes > limits.pushPullMaxBytes()) {
            return refuse(
                    Reason.BOUNDS,
                    "a push/pull whose records take more than " + limits.pushPullMaxBytes() + " bytes of memory");
        }
        buffer.skip(in.consumed());
        recordsLeft--;
        return awaitRecords();
    }

    private StreamProgress awaitRecords() {
        return recordsLeft > 0
                ? await(Stage.EXCHANGE_NODES, 1)
                : await(Stage.EXCHANGE_STATE, exchange.userStateBytes());
    }

    private StreamProgress awaitMoreOrRefuse(MsgpackReader in, int partMaxBytes) {
        return in.fault() == MsgpackReader.Fault.TRUNCATED
                ? awaitMore(in, partMaxBytes)
                : refuse(
                        in.fault() == MsgpackReader.Fault.RANGE ? Reason.BOUNDS : Reason.MALFORMED,
                        "stream message of type " + type + ": " + in.fault().detail());
    }

    private StreamProgress awaitMore(MsgpackReader in, int partMaxBytes) {
        long whole = buffer.available() + in.missingBytes();
        return whole > partMaxBytes
                ? refuse(Reason.BOUNDS, "a part of a stream message of more than " + partMaxBytes + " bytes")
                : await(stage, whole);
    }

    private StreamProgress await(Stage next, long bytes) {
        stage = next;
        needed = bytes;
        return StreamProgress.NeedMore.INSTANCE;
    }

    private StreamProgress complete(StreamMessage message) {
        return finish(new StreamProgress.Complete(message, isSealed, droppedRecords));
    }

    private StreamProgress refuse(Reason reason, String detail) {
        return finish(new StreamProgress.Refused(reason, detail, Optional.empty()));
    }

    /** Refuses what the peer is told about; only who was asked answers. */
    private StreamProgress refuseAloud(Reason reason, String detail) {
        return finish(new StreamProgress.Refused(
                reason, detail, role == StreamRole.REQUEST ? Optional.of(detail) : Optional.empty()));
    }

    private StreamProgress finish(StreamProgress last) {
        progress = last;
        buffer.replace(Octets.empty());
        return last;
    }
}
