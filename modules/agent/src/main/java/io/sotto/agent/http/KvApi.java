package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.consul.Kvs;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * {@code /v1/kv}: the keys and values that the servers keep. Source: agent behaviour, section 7; golden/http-servers.
 */
public final class KvApi extends ApiPart {
    private static final String PATH = "v1/kv";
    private static final int BAD_REQUEST = 400;

    private final Servers servers;
    private final long valueMaxBytes;

    /** A number that is none; the message goes to the client. */
    private static final class NoNumber extends Exception {
        private static final long serialVersionUID = 1L;

        NoNumber(String text) {
            super("strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
        }
    }

    /** @param valueMaxBytes what one value may take */
    public KvApi(Servers servers, long valueMaxBytes) {
        this.servers = servers;
        this.valueMaxBytes = valueMaxBytes;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.rest("GET", PATH, Access.SERVERS, this::get).waiting(),
                Route.rest("PUT", PATH, Access.SERVERS, this::put).reading(valueMaxBytes),
                Route.rest("DELETE", PATH, Access.SERVERS, this::delete));
    }

    private CompletionStage<Answer> get(Request request, String key) {
        if (request.has("keys")) {
            String separator = request.parameter("separator").orElse("");
            return servers.read(
                    request,
                    Servers.Named.NOTHING,
                    (consul, asked) -> consul.kvKeys(key, separator, asked.options()),
                    Kvs.Keys::meta,
                    found -> {
                        List<String> keys = found.keys().stream()
                                .filter(each -> request.rights().may(Access.KEY_READ, each))
                                .toList();
                        return keys.isEmpty() && !key.isEmpty()
                                ? Answer.notFound()
                                : Answer.json(Json.of(keys), request.layout());
                    });
        }
        boolean isTree = request.has("recurse");
        if (key.isEmpty() && !isTree) {
            return missingKey();
        }
        if (!isTree && !request.rights().may(Access.KEY_READ, key)) {
            return Route.now(Gate.DENIED);
        }
        return servers.read(
                request,
                Servers.Named.NOTHING,
                (consul, asked) -> isTree ? consul.kvList(key, asked.options()) : consul.kvGet(key, asked.options()),
                Kvs.Entries::meta,
                found -> entries(
                        request,
                        isTree,
                        found.entries().stream()
                                .filter(entry -> request.rights().may(Access.KEY_READ, entry.key()))
                                .toList()));
    }

    private static Answer entries(Request request, boolean isTree, List<Kvs.Entry> entries) {
        if (entries.isEmpty()) {
            return Answer.notFound();
        }
        if (request.has("raw") && !isTree) {
            return raw(entries.get(0).value());
        }
        return Answer.json(new Json.Elements(entries.stream().map(KvApi::shape).toList()), request.layout());
    }

    /** A stranger's bytes must not become a page of this agent's. */
    private static Answer raw(Octets value) {
        return Answer.bytes("text/plain", value)
                .with("X-Content-Type-Options", "nosniff")
                .with("Content-Security-Policy", "sandbox");
    }

    private static Json shape(Kvs.Entry entry) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("LockIndex", unsigned(entry.lockIndex()));
        fields.put("Key", Json.of(entry.key()));
        fields.put("Flags", unsigned(entry.flags()));
        fields.put(
                "Value",
                entry.value().isEmpty()
                        ? Json.Nothing.INSTANCE
                        : Json.of(
                                Base64.getEncoder().encodeToString(entry.value().toArray())));
        if (!entry.session().isEmpty()) {
            fields.put("Session", Json.of(entry.session()));
        }
        fields.put("CreateIndex", unsigned(entry.createIndex()));
        fields.put("ModifyIndex", unsigned(entry.modifyIndex()));
        return new Json.Fields(fields);
    }

    private CompletionStage<Answer> put(Request request, String key) {
        if (key.isEmpty()) {
            return missingKey();
        }
        Optional<Answer> conflict = conflict(request, List.of("cas", "acquire", "release"));
        if (conflict.isPresent()) {
            return Route.now(conflict.get());
        }
        Kvs.Entry entry = Kvs.Entry.of(key, request.body());
        Kvs.Operation operation = Kvs.Operation.SET;
        try {
            if (request.has("flags")) {
                entry = entry.withFlags(number(request, "flags"));
            }
            if (request.has("cas")) {
                entry = entry.withModifyIndex(number(request, "cas"));
                operation = Kvs.Operation.CAS;
            }
        } catch (NoNumber e) {
            return Route.now(Answer.text(500, String.valueOf(e.getMessage())));
        }
        if (request.has("acquire")) {
            entry = entry.withSession(request.parameter("acquire").orElse(""));
            operation = Kvs.Operation.LOCK;
        } else if (request.has("release")) {
            entry = entry.withSession(request.parameter("release").orElse(""));
            operation = Kvs.Operation.UNLOCK;
        }
        return apply(request, operation, entry);
    }

    private CompletionStage<Answer> delete(Request request, String key) {
        Optional<Answer> conflict = conflict(request, List.of("recurse", "cas"));
        if (conflict.isPresent()) {
            return Route.now(conflict.get());
        }
        if (request.has("recurse")) {
            return apply(request, Kvs.Operation.DELETE_TREE, Kvs.Entry.of(key, Octets.empty()));
        }
        if (key.isEmpty()) {
            return missingKey();
        }
        try {
            return request.has("cas")
                    ? apply(
                            request,
                            Kvs.Operation.DELETE_CAS,
                            Kvs.Entry.of(key, Octets.empty()).withModifyIndex(number(request, "cas")))
                    : apply(request, Kvs.Operation.DELETE, Kvs.Entry.of(key, Octets.empty()));
        } catch (NoNumber e) {
            return Route.now(Answer.text(500, String.valueOf(e.getMessage())));
        }
    }

    private CompletionStage<Answer> apply(Request request, Kvs.Operation operation, Kvs.Entry entry) {
        Access needed = operation == Kvs.Operation.DELETE_TREE ? Access.KEY_WRITE_ALL : Access.KEY_WRITE;
        if (!request.rights().may(needed, entry.key())) {
            return Route.now(Gate.DENIED);
        }
        return servers.call(
                request,
                (consul, asked) -> consul.kvApply(operation, entry),
                done -> Answer.json(Json.of(done), request.layout()));
    }

    private static CompletionStage<Answer> missingKey() {
        return Route.now(Answer.text(BAD_REQUEST, "Missing key name"));
    }

    /** Of these at most one makes sense. */
    private static Optional<Answer> conflict(Request request, List<String> flags) {
        List<String> given = new ArrayList<>(flags);
        given.removeIf(flag -> !request.has(flag));
        if (given.size() < 2) {
            return Optional.empty();
        }
        String all = new TreeMap<>(request.query())
                .entrySet().stream()
                        .filter(parameter -> !parameter.getKey().equals("token"))
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining("&"));
        return Optional.of(Answer.text(BAD_REQUEST, "Conflicting flags: " + all));
    }

    private static long number(Request request, String parameter) throws NoNumber {
        String text = request.parameter(parameter).orElse("");
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException noNumber) {
            throw new NoNumber(text);
        }
    }

    static Json unsigned(long value) {
        return new Json.Numeral(Long.toUnsignedString(value));
    }
}
