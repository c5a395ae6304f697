package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.AccessCall;
import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.AccessControl.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The door before every action: asks the access control, refuses in the real agent's words, and tells how it ended. Source:
 * agent behaviour, section 7; golden/acl-matrix.
 */
final class Gate {
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int FAILED = 500;

    /** What who may not is told. */
    static final Answer DENIED = Answer.text(FORBIDDEN, "Permission denied");

    private final AccessControl control;
    private final String node;
    private final CrossSite pages;

    /**
     * @param node this agent's name, which rules on agents go by
     * @param hosts by which other names browsers may call it
     */
    Gate(AccessControl control, String node, List<String> hosts) {
        this.control = control;
        this.node = node;
        this.pages = new CrossSite(node, hosts);
    }

    /** Carries out what the access control lets pass. */
    CompletionStage<Answer> pass(Route route, Request request) {
        AccessCall call = new AccessCall(
                route.access(),
                resource(route, request),
                request.token(),
                request.remote(),
                request.method(),
                HttpHeads.onOneLine("/" + request.target() + told(route, request)));
        Optional<Answer> otherSite = pages.refusal(request);
        if (otherSite.isPresent()) {
            return Route.now(otherSite.get());
        }
        Decision decision = control.admit(call);
        CompletionStage<Answer> answer = decision instanceof Decision.Granted granted
                ? carryOut(
                        route,
                        (granted.isTokenOurs() && !route.passesToken() ? request.withoutToken() : request)
                                .with(granted.rights()))
                : Route.now(refusal(route.access(), decision));
        return answer.whenComplete((given, failure) -> control.ended(call, failure == null ? given.status() : FAILED));
    }

    /** What of the query says what is done. */
    private static String told(Route route, Request request) {
        String told = route.told().stream()
                .flatMap(
                        name -> request.values(name).stream().map(value -> value.isEmpty() ? name : name + "=" + value))
                .collect(Collectors.joining("&"));
        return told.isEmpty() ? "" : "?" + told;
    }

    /** A fault of the action is no less an end of the call. */
    private static CompletionStage<Answer> carryOut(Route route, Request request) {
        try {
            return route.answer(request);
        } catch (RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    private String resource(Route route, Request request) {
        return switch (route.access()) {
            case AGENT_READ, AGENT_WRITE -> node;
            case EVENT_WRITE, EXEC_WRITE -> route.argument(request);
            case OPEN,
                    SERVERS,
                    OPERATOR_READ,
                    OPERATOR_WRITE,
                    KEYRING_READ,
                    KEYRING_WRITE,
                    NODE_READ,
                    SERVICE_READ,
                    EVENT_READ,
                    KEY_READ,
                    KEY_WRITE,
                    KEY_WRITE_ALL,
                    SESSION_READ,
                    SESSION_WRITE -> "";
        };
    }

    private static Answer refusal(Access access, Decision decision) {
        if (decision instanceof Decision.TooManyFailures many) {
            return tooMany(many.after());
        }
        if (decision instanceof Decision.UnknownToken) {
            return Answer.text(access == Access.EVENT_WRITE ? FAILED : FORBIDDEN, "ACL not found");
        }
        return switch (access) {
            case KEYRING_READ -> Answer.text(FAILED, "Reading keyring denied by ACLs");
            case KEYRING_WRITE -> Answer.text(FAILED, "Modifying keyring denied due to ACLs");
            default -> DENIED;
        };
    }

    private static Answer tooMany(Duration after) {
        long seconds = Math.max(1, after.plusMillis(999).toSeconds());
        return Answer.text(
                        TOO_MANY,
                        "Too many requests with a wrong token or without permission: try again in " + seconds + "s")
                .with("Retry-After", Long.toString(seconds));
    }
}
