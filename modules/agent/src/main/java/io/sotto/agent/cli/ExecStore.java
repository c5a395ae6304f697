package io.sotto.agent.cli;

import io.sotto.agent.exec.ExecEvent;
import io.sotto.agent.exec.JobKeys;
import io.sotto.agent.exec.JobSpec;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the initiator of a job does in the store of a datacenter, through the HTTP API that every Consul agent has. Used by one
 * thread. Source: agent behaviour, section 8.
 */
final class ExecStore {
    private static final String TTL = "15s";

    private final ApiClient api;
    private final String datacenter;

    /** A request that was answered, but not well. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String what, ApiClient.Reply reply) {
            this(what + ": " + reply.fault());
        }

        RefusedException(String text) {
            super(text);
        }

        /** What could not be done and why; never null. */
        String text() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * The keys of a job at one moment.
     *
     * @param index to wait for the next change from
     */
    record Listing(List<String> keys, long index) {}

    /** @param datacenter where the job is to run; empty for the agent's own */
    ExecStore(ApiClient api, String datacenter) {
        this.api = api;
        this.datacenter = datacenter;
    }

    /** Of the agent that is asked. */
    record Self(String node, String datacenter) {}

    Self self() throws UnreachableException, RefusedException {
        String what = "Error querying Consul agent";
        Json config = json(what, api.get("/v1/agent/self")).get("Config");
        return new Self(
                config.get("NodeName").asText(), config.get("Datacenter").asText());
    }

    /** A session at the agent's own node, or, for another datacenter, at one of its servers; answers its id. */
    String createSession(Self self) throws UnreachableException, RefusedException {
        String what = "Failed to create session";
        Map<String, Json> fields = new LinkedHashMap<>();
        if (datacenter.isEmpty()) {
            fields.put("Name", Json.of("Remote Exec"));
        } else {
            List<Json> servers = json(what, api.get("/v1/health/service/consul" + query("passing", "1")))
                    .asElements();
            if (servers.isEmpty()) {
                throw new RefusedException(what + ": Failed to find Consul server in remote datacenter");
            }
            fields.put("Name", Json.of("Remote Exec via " + self.node() + "@" + self.datacenter()));
            fields.put("Node", servers.get(0).get("Node").get("Node"));
            fields.put("Checks", new Json.Elements(List.of()));
        }
        fields.put("Behavior", Json.of("delete"));
        fields.put("TTL", Json.of(TTL));
        byte[] body = bytes(new Json.Fields(fields).compact());
        String id = json(what, api.put("/v1/session/create" + query(), body))
                .get("ID")
                .asText();
        if (id.isEmpty()) {
            throw new RefusedException(what + ": the answer has no session");
        }
        return id;
    }

    void upload(JobKeys keys, JobSpec spec, String session) throws UnreachableException, RefusedException {
        String what = "Failed to create job file";
        ApiClient.Reply reply = api.put(
                key(keys.job()) + query("acquire", session), spec.encode().toArray());
        good(what, reply);
        if (!reply.body().strip().equals("true")) {
            throw new RefusedException(what + ": the session does not hold " + keys.job());
        }
    }

    /** Tells all nodes that match these filters; answers the event's id. */
    String fire(ExecEvent event, Map<String, String> filters) throws UnreachableException, RefusedException {
        String[] parameters = filters.entrySet().stream()
                .flatMap(filter -> java.util.stream.Stream.of(filter.getKey(), filter.getValue()))
                .toArray(String[]::new);
        String path = "/v1/event/fire/" + ExecEvent.NAME + query(parameters);
        return json("Failed to fire event", api.put(path, event.encode().toArray()))
                .get("ID")
                .asText();
    }

    /** The keys of the job, once they have changed since {@code index} or the time is over. */
    Listing list(JobKeys keys, long index, Duration time) throws UnreachableException, RefusedException {
        String what = "Failed to read results";
        String wait = Math.max(1, time.toMillis()) + "ms";
        String[] parameters = index == 0
                ? new String[] {"keys", ""}
                : new String[] {"keys", "", "index", Long.toUnsignedString(index), "wait", wait};
        ApiClient.Reply reply = api.get(key(keys.folder()) + query(parameters));
        if (reply.status() == 404) {
            throw new RefusedException(what + ": the session has ended, and the job with it");
        }
        List<String> names =
                json(what, reply).asElements().stream().map(Json::asText).toList();
        long next = index(reply);
        return new Listing(names, Long.compareUnsigned(next, index) < 0 ? 0 : next);
    }

    private static long index(ApiClient.Reply reply) {
        try {
            return Long.parseUnsignedLong(reply.header("X-Consul-Index").orElse("0"));
        } catch (NumberFormatException noIndex) {
            return 0;
        }
    }

    Octets read(String name) throws UnreachableException, RefusedException {
        String what = "Failed to read key '" + name + "'";
        List<Json> entries = json(what, api.get(key(name) + query())).asElements();
        if (entries.isEmpty()) {
            throw new RefusedException(what + ": it is gone");
        }
        try {
            return Octets.wrap(
                    Base64.getDecoder().decode(entries.get(0).get("Value").asText()));
        } catch (IllegalArgumentException noBase64) {
            throw new RefusedException(what + ": its value is no base64");
        }
    }

    void renew(String session) throws UnreachableException, RefusedException {
        good("Failed to renew session", api.put("/v1/session/renew/" + session + query()));
    }

    /** Ends the session, after which nobody can write, and deletes what was written. */
    void clean(JobKeys keys, String session) throws UnreachableException {
        api.put("/v1/session/destroy/" + session + query());
        api.ask("DELETE", key(keys.folder()) + query("recurse", ""), new byte[0]);
    }

    private String query(String... parameters) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            EventVerb.parameter(query, parameters[i], parameters[i + 1]);
        }
        if (!datacenter.isEmpty()) {
            EventVerb.parameter(query, "dc", datacenter);
        }
        return query.toString();
    }

    private static String key(String name) {
        StringBuilder path = new StringBuilder("/v1/kv");
        for (String part : name.split("/", -1)) {
            path.append('/').append(ClientVerb.segment(part));
        }
        return path.toString();
    }

    private static Json json(String what, ApiClient.Reply reply) throws RefusedException {
        good(what, reply);
        try {
            return Json.parse(reply.body());
        } catch (JsonException e) {
            throw new RefusedException(what + ": " + e.text());
        }
    }

    private static void good(String what, ApiClient.Reply reply) throws RefusedException {
        if (!reply.good()) {
            throw new RefusedException(what, reply);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
