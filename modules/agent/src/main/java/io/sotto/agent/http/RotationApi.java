package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.cluster.ClusterKeyring;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationProgress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code /v1/agent/keyring/rotate}, the rotation of the pool's key that this agent drives. {@code POST} begins one, or follows the
 * one under way, and streams its progress, one JSON object for each line, until its end; it goes on when the client goes.
 * {@code GET} answers where it stands, {@code DELETE} calls it off, and {@code PUT} with {@code without=NAME}, once for each
 * name, goes on without members that are away. A server's covers the WAN pool and the other datacenters too. Source: ours; Consul
 * has no such route.
 */
public final class RotationApi extends ApiPart {
    /** Below the listener's own patience with silent connections; readers skip the blank line. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final String PATH = "v1/agent/keyring/rotate";

    private final ClusterKeyring keyring;
    private final boolean isBesideOthers;
    private final ActorSystem<?> system;

    /**
     * @param keyring of the LAN pool
     * @param isBesideOthers whether there are other pools of the same key that a rotation does not cover: then none is begun
     * @param system runs the streams
     */
    public RotationApi(ClusterKeyring keyring, boolean isBesideOthers, ActorSystem<?> system) {
        this.keyring = keyring;
        this.isBesideOthers = isBesideOthers;
        this.system = system;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.any("POST", PATH, Access.KEYRING_WRITE, this::start),
                Route.any("GET", PATH, Access.KEYRING_READ, request -> once(request, keyring.rotation())),
                Route.any("DELETE", PATH, Access.KEYRING_WRITE, request -> once(request, keyring.abortRotation())),
                Route.any("PUT", PATH, Access.KEYRING_WRITE, this::without));
    }

    private CompletionStage<Answer> start(Request request) {
        if (isBesideOthers) {
            return Route.now(Answer.text(
                    500,
                    "a rotation would change the key of the LAN pool only, and this agent's WAN pool must have the same: it is no server,"
                            + " whose rotations cover both"));
        }
        RotationMachine.Beginning beginning = request.parameter("force").isPresent()
                ? RotationMachine.Beginning.ANY
                : RotationMachine.Beginning.SETTLED;
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // The first element decides between an answer and an error; a stream that has begun can no longer fail well.
        keyring.rotate(beginning).prefixAndTail(1).runWith(Sink.head(), system).whenComplete((split, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (split.first().isEmpty()) {
                answer.complete(Answer.text(500, "the pool has stopped"));
            } else if (isRefused(split.first().get(0))) {
                answer.complete(Answer.text(500, split.first().get(0).text()));
            } else {
                answer.complete(Answer.stream(
                        Answer.Form.JSON,
                        Source.from(split.first())
                                .concat(split.second())
                                .map(progress -> json(progress).compact() + "\n")
                                .keepAlive(HEARTBEAT, () -> "\n")));
            }
        });
        return answer;
    }

    private CompletionStage<Answer> without(Request request) {
        List<String> names = request.values("without").stream()
                .filter(name -> !name.isEmpty())
                .toList();
        return names.isEmpty()
                ? Route.now(Answer.text(400, "Bad request: Missing without, the name of a member"))
                : once(request, keyring.rotateWithout(new LinkedHashSet<>(names)));
    }

    private static CompletionStage<Answer> once(Request request, CompletionStage<RotationProgress> progress) {
        return progress.thenApply(known -> Answer.json(json(known), request.layout()));
    }

    private static boolean isRefused(RotationProgress progress) {
        return progress.outcome().filter(RotationOutcome.REFUSED::equals).isPresent();
    }

    private static Json json(RotationProgress progress) {
        Map<String, Json> waitingFor = new LinkedHashMap<>();
        progress.waitingFor().forEach((name, why) -> waitingFor.put(name, Json.of(why)));
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Phase", Json.of(word(progress.phase())));
        fields.put("Course", Json.of(word(progress.course())));
        fields.put("Cause", Json.of(word(progress.cause())));
        fields.put("NewKey", Json.of(progress.newKey().orElse("")));
        fields.put("OldKey", Json.of(progress.oldKey().orElse("")));
        fields.put("Done", Json.of(progress.done()));
        fields.put("Members", Json.of(progress.members()));
        fields.put("WaitingFor", new Json.Fields(waitingFor));
        fields.put("Outcome", Json.of(progress.outcome().map(RotationApi::word).orElse("")));
        fields.put("Text", Json.of(progress.text()));
        if (!progress.pools().isEmpty()) {
            Map<String, Json> pools = new LinkedHashMap<>();
            progress.pools().forEach((name, how) -> pools.put(name, Json.of(how)));
            fields.put("Pools", new Json.Fields(pools));
        }
        return new Json.Fields(fields);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
