package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.access.Token;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.UpshiftRequest;
import io.sotto.cluster.Upshifts;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code /v1/operator/upshift/gossip} and {@code …/tls}: takes the whole pool to encrypted gossip, or to verified TLS. {@code POST}
 * begins one, follows the one that this agent drives, or takes one over, and streams its progress, one JSON object for each line,
 * until its end; it goes on when the client goes. {@code GET} answers where it stands, {@code GET …/plan} what one would do, {@code
 * POST …/next} takes one stage, {@code DELETE} calls it off, {@code PUT …/without} goes on without members, and {@code PUT …/vouch}
 * speaks for some that cannot be seen. What cannot be is a 409, with the progress that says why. Source: ours; Consul has no such
 * routes.
 */
public final class UpshiftRunApi extends ApiPart {
    private static final String PATH = "v1/operator/upshift/";
    /** Below the listener's own patience with silent connections; readers skip the blank line. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;

    private final Upshifts upshifts;
    private final Supplier<String> ownToken;
    private final ActorSystem<?> system;

    /**
     * @param ownToken shown to members where the request has none; empty for none
     * @param system runs the streams
     */
    public UpshiftRunApi(Upshifts upshifts, Supplier<String> ownToken, ActorSystem<?> system) {
        this.upshifts = upshifts;
        this.ownToken = ownToken;
        this.system = system;
    }

    @Override
    protected List<Route> routes() {
        return Stream.of(UpshiftKind.values()).flatMap(this::routes).toList();
    }

    /** One for each kind of which this agent knows an upshift; an agent of Consul has no such sections. */
    @Override
    protected Map<String, Json> sections(Rights rights) {
        Map<String, Json> sections = new LinkedHashMap<>();
        if (rights.may(Access.OPERATOR_READ, "")) {
            for (UpshiftKind kind : UpshiftKind.values()) {
                upshifts.last(kind)
                        .ifPresent(last -> sections.put(
                                "upshift_" + kind.name().toLowerCase(Locale.ROOT), UpshiftShapes.section(last)));
            }
        }
        return sections;
    }

    private Stream<Route> routes(UpshiftKind kind) {
        String path = PATH + kind.name().toLowerCase(Locale.ROOT);
        return Stream.of(
                        Route.any(
                                "GET",
                                path,
                                Access.OPERATOR_READ,
                                request -> upshifts.status(kind).thenApply(progress -> json(kind, progress, request))),
                        Route.any(
                                "GET",
                                path + "/plan",
                                Access.OPERATOR_READ,
                                request -> upshifts.plan(kind)
                                        .thenApply(plan -> Answer.json(UpshiftShapes.plan(plan), request.layout()))),
                        changing("POST", path, request -> begin(kind, request, this::run)),
                        changing(
                                "POST",
                                path + "/next",
                                request -> begin(
                                        kind,
                                        request,
                                        asked -> upshifts.next(asked)
                                                .thenApply(progress -> told(kind, progress, request)))),
                        changing(
                                "DELETE",
                                path,
                                request -> upshifts.abort(kind, token(request))
                                        .thenApply(progress -> told(kind, progress, request))),
                        changing("PUT", path + "/without", request -> without(kind, request)),
                        changing("PUT", path + "/vouch", request -> vouch(kind, request)))
                .map(Route::waiting);
    }

    private static Route changing(String method, String path, Function<Request, CompletionStage<Answer>> action) {
        return Route.any(method, path, Access.OPERATOR_WRITE, action)
                .telling("member", "stage", "force")
                .passingToken();
    }

    private CompletionStage<Answer> begin(
            UpshiftKind kind, Request request, Function<UpshiftRequest, CompletionStage<Answer>> action) {
        Optional<GossipKey> key;
        try {
            key = key(request);
        } catch (BadBodyException e) {
            return bad(String.valueOf(e.getMessage()));
        }
        if (key.isPresent() && kind != UpshiftKind.GOSSIP) {
            return bad("only an upshift of gossip takes a key");
        }
        UpshiftRequest asked = new UpshiftRequest(kind, request.has("force"), key, by(request), token(request));
        return action.apply(asked).whenComplete((answer, failure) -> key.ifPresent(GossipKey::wipe));
    }

    private CompletionStage<Answer> run(UpshiftRequest asked) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // The first element decides between an answer and an error; a stream that has begun can no longer fail well.
        upshifts.run(asked).prefixAndTail(1).runWith(Sink.head(), system).whenComplete((split, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (split.first().isEmpty()) {
                answer.complete(Answer.text(500, "the node has stopped"));
            } else if (UpshiftShapes.isRefused(split.first().get(0))) {
                answer.complete(Answer.json(
                        CONFLICT,
                        UpshiftShapes.progress(asked.kind(), split.first().get(0)),
                        Answer.Layout.COMPACT));
            } else {
                answer.complete(Answer.stream(
                        Answer.Form.JSON,
                        Source.from(split.first())
                                .concat(split.second())
                                .map(progress -> UpshiftShapes.progress(asked.kind(), progress)
                                                .compact()
                                        + "\n")
                                .keepAlive(HEARTBEAT, () -> "\n")));
            }
        });
        return answer;
    }

    private CompletionStage<Answer> without(UpshiftKind kind, Request request) {
        Set<String> members = members(request);
        return members.isEmpty()
                ? bad("Missing member, the name of a member")
                : upshifts.without(kind, members, by(request), token(request))
                        .thenApply(progress -> told(kind, progress, request));
    }

    private CompletionStage<Answer> vouch(UpshiftKind kind, Request request) {
        Set<String> members = members(request);
        Optional<UpshiftStage> stage = request.parameter("stage").flatMap(UpshiftRunApi::stage);
        if (members.isEmpty()) {
            return bad("Missing member, the name of a member");
        }
        return stage.isEmpty()
                ? bad("Missing stage: ready, sending or enforced")
                : upshifts.vouch(kind, members, stage.get(), token(request))
                        .thenApply(progress -> told(kind, progress, request));
    }

    private static Set<String> members(Request request) {
        Set<String> members = new LinkedHashSet<>(new ArrayList<>(request.values("member")));
        members.remove("");
        return members;
    }

    private static Optional<UpshiftStage> stage(String word) {
        return Stream.of(UpshiftStage.READY, UpshiftStage.SENDING, UpshiftStage.ENFORCED)
                .filter(stage -> stage.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    /** A key of the operator's own, in the body only: a query is seen by many eyes. */
    private static Optional<GossipKey> key(Request request) throws BadBodyException {
        String body = new String(request.body().toArray(), StandardCharsets.UTF_8);
        if (body.isBlank()) {
            return Optional.empty();
        }
        try {
            String key = Json.parse(body).get("Key").asText();
            return key.isEmpty() ? Optional.empty() : Optional.of(GossipKey.parse(key));
        } catch (JsonException e) {
            throw new BadBodyException("Request decode failed: " + e.text());
        } catch (IllegalArgumentException e) {
            throw new BadBodyException("Key is no gossip key: 16, 24 or 32 bytes in base64");
        }
    }

    private static CompletionStage<Answer> bad(String why) {
        return Route.now(Answer.text(BAD_REQUEST, "Bad request: " + why));
    }

    private static Answer json(UpshiftKind kind, UpshiftProgress progress, Request request) {
        return Answer.json(UpshiftShapes.progress(kind, progress), request.layout());
    }

    private static Answer told(UpshiftKind kind, UpshiftProgress progress, Request request) {
        return UpshiftShapes.isRefused(progress)
                ? Answer.json(CONFLICT, UpshiftShapes.progress(kind, progress), request.layout())
                : json(kind, progress, request);
    }

    private String token(Request request) {
        return request.token().map(Token::secret).orElseGet(ownToken);
    }

    /** Who asks, and from where. */
    private static String by(Request request) {
        String from = request.remote()
                .map(InetSocketAddress::getAddress)
                .map(address -> " from " + address.getHostAddress())
                .orElse("");
        return request.rights().holder() + from;
    }
}
