package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.wire.record.TreeException;
import io.sotto.wire.rpc.consul.ConsulMethod;
import io.sotto.wire.rpc.consul.QueryMeta;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The servers of a datacenter, as the API asks them: parameters of the request become those of the call, and the answer gets
 * the headers that blocking queries go on from. Safe to use from every thread. Source: agent behaviour, section 7; RPC
 * specification, sections 7 and 8.
 */
public final class Servers {
    /** What a body may hold that says what is to be written. */
    static final long BODY_MAX_BYTES = 512 * 1024;

    /** How the pool of connections says that there is nobody to call. */
    private static final String NOBODY = "No known Consul servers";

    private static final Duration CALL_TIME = Duration.ofSeconds(10);

    private final RpcCaller caller;
    private final String datacenter;
    private final String node;
    private final Supplier<String> defaultToken;

    /**
     * @param caller calls a server of this agent's datacenter, which forwards what is for another
     * @param datacenter this agent's, for requests that name none
     * @param node this agent's name
     * @param defaultToken goes with requests that have none; may be empty
     */
    public Servers(RpcCaller caller, String datacenter, String node, Supplier<String> defaultToken) {
        this.caller = caller;
        this.datacenter = datacenter;
        this.node = node;
        this.defaultToken = defaultToken;
    }

    /** This agent's name. */
    String node() {
        return node;
    }

    String datacenter() {
        return datacenter;
    }

    /** Whether the answer names how sure it is, as Consul's do for catalog and health. */
    enum Named {
        CONSISTENCY,
        NOTHING
    }

    /** A read as one method of the servers. */
    @FunctionalInterface
    interface Read<A> {
        CompletableFuture<RpcOutcome<A>> ask(ConsulRpc servers, QueryReading asked);
    }

    /** The fields of a call that the JSON of a body stands for. */
    @FunctionalInterface
    interface Body {
        /** The fields; {@code json} is empty for an empty body. */
        Object read(Optional<Json> json) throws BadBodyException;

        /** A body that must be there, in this form. */
        static Body of(JsonForm form) {
            return json -> form.tree(json.orElseThrow(() -> new BadBodyException("EOF")));
        }
    }

    /**
     * Reads.
     *
     * @param meta where an answer has its index
     * @param shape the answer without the headers
     */
    <A> CompletionStage<Answer> read(
            Request request, Named named, Read<A> read, Function<A, QueryMeta> meta, Function<A, Answer> shape) {
        QueryReading asked = reading(request);
        if (asked.refusal().isPresent()) {
            return Route.now(asked.refusal().get());
        }
        CompletableFuture<RpcOutcome<A>> call = read.ask(consul(asked), asked);
        // Only what waits: who merely says that it sends no more gets every other answer.
        return (asked.options().minQueryIndex() == 0 ? call : request.callOff(call))
                .thenApply(outcome -> outcome instanceof RpcOutcome.Answer<A> found
                        ? shape.apply(found.value()).with(headers(meta.apply(found.value()), asked, named))
                        : failure(outcome).with(headers(QueryMeta.none(), asked, Named.NOTHING)));
    }

    /** The same, or {@code own} where this agent's datacenter is asked for and no server of it is known. */
    <A> CompletionStage<Answer> readOr(
            Supplier<Answer> own,
            Request request,
            Read<A> read,
            Function<A, QueryMeta> meta,
            Function<A, Answer> shape) {
        return read(request, Named.NOTHING, read, meta, shape)
                .thenApply(answer -> answer.body().equals(NOBODY)
                                && reading(request).datacenter().equals(datacenter)
                        ? own.get()
                        : answer);
    }

    /** Writes, or reads what has no index. */
    <A> CompletionStage<Answer> call(Request request, Read<A> call, Function<A, Answer> shape) {
        QueryReading asked = reading(request);
        return call.ask(consul(asked), asked).thenApply(outcome -> answer(outcome, shape));
    }

    /**
     * Writes what the body says; a datacenter and the token of the request go with it.
     */
    <Q, A> CompletionStage<Answer> write(
            Request request, ConsulMethod<Q, A> method, Body tree, Function<A, Answer> shape) {
        QueryReading asked = reading(request);
        Q typed;
        try {
            String body = new String(request.body().toArray(), StandardCharsets.UTF_8);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("Datacenter", asked.datacenter());
            if (tree.read(body.isBlank() ? Optional.empty() : Optional.of(Json.parse(body)))
                    instanceof Map<?, ?> written) {
                written.forEach((name, value) -> fields.put(String.valueOf(name), value));
            }
            fields.put("Token", asked.options().token());
            typed = method.requests().fromTree(fields);
        } catch (JsonException e) {
            return Route.now(Answer.text(400, "Request decode failed: " + e.text()));
        } catch (TreeException | BadBodyException e) {
            return Route.now(Answer.text(400, "Request decode failed: " + e.getMessage()));
        }
        return consul(asked).call(method, typed).thenApply(outcome -> answer(outcome, shape));
    }

    private QueryReading reading(Request request) {
        return QueryReading.of(request, datacenter, node, defaultToken.get());
    }

    private ConsulRpc consul(QueryReading asked) {
        return ConsulRpc.create(caller, asked.datacenter(), CALL_TIME)
                .as(asked.options().token());
    }

    private static <A> Answer answer(RpcOutcome<A> outcome, Function<A, Answer> shape) {
        return outcome instanceof RpcOutcome.Answer<A> answer ? shape.apply(answer.value()) : failure(outcome);
    }

    private static <A> Answer failure(RpcOutcome<A> outcome) {
        return outcome instanceof RpcOutcome.NoAnswer<A> end
                ? RpcEnd.failed(end.result())
                : Answer.text(500, "rpc error making call: " + ((RpcOutcome.Unreadable<A>) outcome).reason());
    }

    /** An index of 0 would have clients ask in a circle, so it is 1. */
    private static List<Header> headers(QueryMeta meta, QueryReading asked, Named named) {
        List<Header> headers = new ArrayList<>();
        if (named == Named.CONSISTENCY) {
            headers.add(new Header("X-Consul-Effective-Consistency", asked.consistency()));
        }
        headers.add(new Header("X-Consul-Index", meta.index() == 0 ? "1" : Long.toUnsignedString(meta.index())));
        headers.add(new Header("X-Consul-Knownleader", Boolean.toString(meta.knownLeader())));
        headers.add(new Header(
                "X-Consul-Lastcontact", Long.toString(meta.lastContact().toMillis())));
        return headers;
    }
}
