package io.sotto.cluster.server;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * {@code Internal.KeyringOperation}: lists or changes the keys of the LAN pool for another server.
 *
 * <p>The keys themselves are in the answer and in the request. So only a caller that has proved by its certificate to be a server
 * is heard at all, which takes {@code verify_incoming}; client agents never call it. Source: RPC specification, section 5;
 * security rules, "Keys".
 */
final class KeyringEndpoint implements Endpoint {
    private static final int TEXT_MAX_BYTES = 4_096;
    private static final int DEPTH_MAX = 16;
    private static final int RELAY_FACTOR_MAX = 5;
    private static final StructShape SHAPE =
            StructShape.of("Datacenter", "Key", "Operation", "LocalOnly", "RelayFactor", "Forwarded");

    private final GossipView view;
    private final String datacenter;

    KeyringEndpoint(GossipView view, String datacenter) {
        this.view = view;
        this.datacenter = datacenter;
    }

    private record Request(String datacenter, String key, String operation, boolean localOnly, int relayFactor) {
        /** Without the key. */
        @Override
        public String toString() {
            return "Request[" + operation + "]";
        }
    }

    @Override
    public CompletionStage<RpcAnswer> answer(IncomingCall call) {
        if (!call.role().proves(PeerRole.SERVER)) {
            return fault("keyring operations take verify_incoming, and a caller with a server's certificate");
        }
        MsgpackReader reader = new MsgpackReader(call.body(), 0, DEPTH_MAX);
        Request request = read(reader);
        if (reader.hasFailed()) {
            return CompletableFuture.completedFuture(ConsulServer.undecodable());
        }
        if (!request.datacenter.equals(datacenter)) {
            return fault(ConsulServer.NO_PATH);
        }
        boolean isList = request.operation.equals("list");
        if (request.localOnly && !isList) {
            return fault("argument error: LocalOnly can only be used for List operations");
        }
        if (request.relayFactor > RELAY_FACTOR_MAX) {
            return fault("Relay factor must be in range: [0, " + RELAY_FACTOR_MAX + "]");
        }
        ClusterKeyring keyring = view.keyring();
        return switch (request.operation) {
            case "list" -> report(keyring.list(request.relayFactor), true);
            case "install", "use", "remove" -> change(keyring, request);
            default -> fault("unknown keyring operation \"" + shown(request.operation) + "\"");
        };
    }

    private CompletionStage<RpcAnswer> change(ClusterKeyring keyring, Request request) {
        GossipKey key;
        try {
            key = GossipKey.parse(request.key);
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            return CompletableFuture.completedFuture(responses(writer -> Replies.keyring(writer, datacenter, reason)));
        }
        return report(
                switch (request.operation) {
                    case "install" -> keyring.install(key, request.relayFactor);
                    case "use" -> keyring.use(key, request.relayFactor);
                    default -> keyring.remove(key, request.relayFactor);
                },
                false);
    }

    private CompletionStage<RpcAnswer> report(CompletionStage<KeyringReport> asked, boolean isList) {
        return asked.thenApply(report -> responses(writer -> Replies.keyring(writer, datacenter, isList, report)));
    }

    private static RpcAnswer responses(Consumer<MsgpackWriter> one) {
        MsgpackWriter writer =
                Replies.index(Replies.writer().map(5).key("ConsistencyLevel").text(""), 0);
        one.accept(writer.key("Responses").list(1));
        return Replies.reply(writer);
    }

    private static Request read(MsgpackReader reader) {
        String datacenter = "";
        String key = "";
        String operation = "";
        boolean localOnly = false;
        long relayFactor = 0;
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !reader.hasFailed(); i++) {
            switch (header < 0 ? -1 : reader.field(header, i, SHAPE)) {
                case 0 -> datacenter = reader.textOnly(TEXT_MAX_BYTES);
                case 1 -> key = reader.textOnly(TEXT_MAX_BYTES);
                case 2 -> operation = reader.textOnly(TEXT_MAX_BYTES);
                case 3 -> localOnly = reader.bool();
                case 4 -> relayFactor = reader.unsigned(255);
                default -> reader.skip();
            }
        }
        return new Request(datacenter, key, operation, localOnly, (int) relayFactor);
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(40).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }

    private static CompletionStage<RpcAnswer> fault(String text) {
        return CompletableFuture.completedFuture(new RpcAnswer.Fault(text));
    }
}
