package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.cluster.server.KeyringAnswers;
import io.sotto.cluster.server.NomadRegion;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.rpc.consul.Internal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What an agent of profile {@code nomad} answers as Nomad's agents do: {@code /v1/agent/keyring/list}, {@code install}, {@code
 * use} and {@code remove} for the keys of the pool, {@code /v1/regions}, and {@code /v1/status/leader} and {@code peers} of
 * the regions of sotto nodes. Source: Nomad specification, sections 2 and 4; golden/nomad-session.
 */
public final class NomadApi extends ApiPart {
    private static final String PATH = "v1/agent/keyring/";

    private final Pool pool;

    private enum Told {
        KEYS,
        NO_KEYS
    }

    /** @param pool of Nomad's servers */
    public NomadApi(Pool pool) {
        this.pool = pool;
    }

    @Override
    public List<Route> routes() {
        ClusterKeyring keyring = pool.clusterKeyring();
        return List.of(
                Route.getLater(
                        PATH + "list", Access.KEYRING_READ, request -> answer(keyring.list(0), request, Told.KEYS)),
                change("PUT", "install", key -> keyring.install(key, 0)),
                change("PUT", "use", key -> keyring.use(key, 0)),
                change("PUT", "remove", key -> keyring.remove(key, 0)),
                Route.get("v1/regions", Access.OPEN, request -> Answer.json(Json.of(regions()), request.layout())),
                Route.get("v1/status/leader", Access.OPEN, this::leader),
                Route.get("v1/status/peers", Access.OPEN, this::peers));
    }

    private Route change(String method, String action, Function<GossipKey, CompletionStage<KeyringReport>> operation) {
        return Route.any(method, PATH + action, Access.KEYRING_WRITE, request -> {
            GossipKey key;
            try {
                String body = new String(request.body().toArray(), StandardCharsets.UTF_8);
                key = GossipKey.parse(Json.parse(body).get("Key").asText());
            } catch (JsonException e) {
                return Route.now(Answer.text(400, e.text()));
            } catch (IllegalArgumentException e) {
                String reason = String.valueOf(e.getMessage());
                return Route.now(Answer.text(500, reason.startsWith("illegal base64") ? reason : everybody()));
            }
            return answer(operation.apply(key), request, Told.NO_KEYS);
        });
    }

    /** What every member would refuse. */
    private String everybody() {
        long alive = pool.members().stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .count();
        return alive + "/" + alive + " nodes reported failure";
    }

    /** Counted as Nomad's do; why is in the log of each member. */
    private static CompletionStage<Answer> answer(CompletionStage<KeyringReport> asked, Request request, Told told) {
        return asked.thenApply(report -> {
            Internal.KeyringAnswer answer = KeyringAnswers.of(false, "", told == Told.KEYS, report);
            if (!answer.error().isEmpty()) {
                return Answer.text(500, answer.error());
            }
            Map<String, Json> keys = new TreeMap<>();
            if (told == Told.KEYS) {
                answer.keys().forEach((key, count) -> keys.put(key, Json.of(count)));
            }
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("Keys", new Json.Fields(keys));
            fields.put("Messages", new Json.Fields(Map.of()));
            fields.put("NumNodes", Json.of(answer.numNodes()));
            return Answer.json(new Json.Fields(fields), request.layout());
        });
    }

    private Answer leader(Request request) {
        String wanted =
                request.parameter("region").filter(name -> !name.isEmpty()).orElse(NomadRegion.region(pool.self()));
        String leader = NomadRegion.leader(pool, wanted);
        if (!leader.isEmpty()) {
            return Answer.json(Json.of(leader), request.layout());
        }
        return Answer.text(
                500, regions().contains(wanted) ? "this agent calls no servers of Nomad" : "No path to region");
    }

    private Answer peers(Request request) {
        return Answer.json(Json.of(NomadRegion.peers(pool, NomadRegion.region(pool.self()))), request.layout());
    }

    private List<String> regions() {
        return pool.members().stream()
                .map(NomadRegion::region)
                .filter(region -> !region.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }
}
