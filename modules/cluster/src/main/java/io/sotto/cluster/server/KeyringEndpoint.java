package io.sotto.cluster.server;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.StructShape;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Internal;
import io.sotto.wire.rpc.consul.QueryMeta;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code Internal.KeyringOperation}: lists or changes the keys for another server: of all pools, or of the LAN pool alone where the
 * other has seen to the rest.
 *
 * <p>The keys themselves are in the answer and in the request. So only a caller that has proved by its certificate to be a server
 * of a datacenter that is known here is heard at all, which takes {@code verify_incoming}; client agents never call it. Source: RPC specification, section 5;
 * security rules, "Keys".
 */
final class KeyringEndpoint implements Endpoint {
    private static final int TEXT_MAX_BYTES = 4_096;
    private static final int DEPTH_MAX = 16;
    private static final int RELAY_FACTOR_MAX = 5;
    private static final StructShape SHAPE =
            StructShape.of("Datacenter", "Key", "Operation", "LocalOnly", "RelayFactor", "Forwarded", "Token");

    private final DatacenterKeyrings keyrings;
    private final Datacenters datacenters;
    private final String datacenter;

    KeyringEndpoint(DatacenterKeyrings keyrings, Datacenters datacenters, String datacenter) {
        this.keyrings = keyrings;
        this.datacenters = datacenters;
        this.datacenter = datacenter;
    }

    private record Request(
            String datacenter,
            String key,
            String operation,
            boolean localOnly,
            int relayFactor,
            boolean forwarded,
            String token) {
        /** Without the secrets. */
        @Override
        public String toString() {
            return "Request[" + operation + "]";
        }
    }

    @Override
    public CompletionStage<RpcAnswer> answer(IncomingCall call) {
        if (call.role().proves(PeerRole.MEMBER)
                && !call.role().proves(PeerRole.SERVER)
                && call.serverOf().stream().noneMatch(datacenters::has)) {
            return fault("Permission denied: " + call.method() + " needs the certificate of a server");
        }
        if (!call.role().proves(PeerRole.MEMBER)) {
            return fault("keyring operations take verify_incoming, and a caller with a server's certificate");
        }
        MsgpackReader reader = new MsgpackReader(call.body(), 0, DEPTH_MAX);
        Request request = read(reader);
        if (reader.hasFailed()) {
            return CompletableFuture.completedFuture(ConsulServer.undecodable());
        }
        // A real server passes a request on as it got it: with the name of its own datacenter.
        if (!request.forwarded && !request.datacenter.equals(datacenter)) {
            return fault(ConsulServer.NO_PATH);
        }
        boolean isList = request.operation.equals("list");
        if (request.localOnly && !isList) {
            return fault("argument error: LocalOnly can only be used for List operations");
        }
        if (request.relayFactor > RELAY_FACTOR_MAX) {
            return fault("Relay factor must be in range: [0, " + RELAY_FACTOR_MAX + "]");
        }
        Optional<Internal.KeyringAction> action = Internal.KeyringAction.of(request.operation);
        if (action.isEmpty()) {
            return fault("unknown keyring operation \"" + shown(request.operation) + "\"");
        }
        DatacenterKeyrings.Task task =
                new DatacenterKeyrings.Task(action.get(), request.key, request.relayFactor, request.token);
        // Who passed it on has seen to the others.
        boolean isForHere = request.forwarded || request.localOnly;
        return (isForHere ? keyrings.here(task) : keyrings.everywhere(task)).thenApply(KeyringEndpoint::reply);
    }

    private static RpcAnswer reply(List<Internal.KeyringAnswer> answers) {
        return new RpcAnswer.Reply(ConsulMethods.INTERNAL_KEYRING_OPERATION
                .answers()
                .encode(new Internal.KeyringAnswers(answers, QueryMeta.none())));
    }

    private static Request read(MsgpackReader reader) {
        String datacenter = "";
        String key = "";
        String operation = "";
        boolean localOnly = false;
        long relayFactor = 0;
        boolean forwarded = false;
        String token = "";
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !reader.hasFailed(); i++) {
            switch (header < 0 ? -1 : reader.field(header, i, SHAPE)) {
                case 0 -> datacenter = reader.textOnly(TEXT_MAX_BYTES);
                case 1 -> key = reader.textOnly(TEXT_MAX_BYTES);
                case 2 -> operation = reader.textOnly(TEXT_MAX_BYTES);
                case 3 -> localOnly = reader.bool();
                case 4 -> relayFactor = reader.unsigned(255);
                case 5 -> forwarded = reader.bool();
                case 6 -> token = reader.textOnly(TEXT_MAX_BYTES);
                default -> reader.skip();
            }
        }
        return new Request(datacenter, key, operation, localOnly, (int) relayFactor, forwarded, token);
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
