package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One line of the API's table: a method, the fixed beginning of a path, what may follow it, and what its sender must be
 * allowed to do. Immutable.
 *
 * @param method in capitals
 * @param prefix the first segments of the path
 * @param after what of the path follows them
 * @param access what the request needs
 * @param bodyMaxBytes how long a body may be; 0 where none is read
 * @param waits whether the answer may wait for as long as the request asks for
 * @param told the parameters that the audit log shows, because they say what is done; none of them is a secret
 * @param passesToken whether the action has the token although it is one of this agent's own
 * @param action called with what follows {@code prefix}
 */
public record Route(
        String method,
        List<String> prefix,
        After after,
        Access access,
        long bodyMaxBytes,
        boolean waits,
        List<String> told,
        boolean passesToken,
        BiFunction<Request, String, CompletionStage<Answer>> action) {

    /** What a route that reads a body takes unless it says otherwise: far more than gossip can carry on. */
    static final long BODY_READ_MAX_BYTES = 16 * 1024;

    private static final int BAD_REQUEST = 400;

    /** What may follow the prefix. */
    public enum After {
        NOTHING,
        /** One segment. */
        ONE,
        /** Any number of segments, none included, passed on with the slashes between them. */
        REST
    }

    private Route(
            String method,
            String path,
            After after,
            Access access,
            BiFunction<Request, String, CompletionStage<Answer>> action) {
        this(method, segments(path), after, access, 0, false, List.of(), false, action);
    }

    /** {@code GET} of exactly this path, answered at once. */
    public static Route get(String path, Access access, Function<Request, Answer> action) {
        return new Route("GET", path, After.NOTHING, access, (request, none) -> now(action.apply(request)));
    }

    /** {@code GET} of this path and one segment more, answered at once. */
    public static Route getOne(String path, Access access, BiFunction<Request, String, Answer> action) {
        return new Route("GET", path, After.ONE, access, (request, one) -> now(action.apply(request, one)));
    }

    /** {@code GET} of exactly this path, answered in its time. */
    public static Route getLater(String path, Access access, Function<Request, CompletionStage<Answer>> action) {
        return new Route("GET", path, After.NOTHING, access, (request, none) -> action.apply(request));
    }

    /** {@code GET} of this path and one segment more, answered in its time. */
    public static Route getOneLater(
            String path, Access access, BiFunction<Request, String, CompletionStage<Answer>> action) {
        return new Route("GET", path, After.ONE, access, action);
    }

    /** {@code PUT} of exactly this path. */
    public static Route put(String path, Access access, Function<Request, CompletionStage<Answer>> action) {
        return new Route("PUT", path, After.NOTHING, access, (request, none) -> action.apply(request));
    }

    /** {@code PUT} of this path and one segment more. */
    public static Route putOne(
            String path, Access access, BiFunction<Request, String, CompletionStage<Answer>> action) {
        return new Route("PUT", path, After.ONE, access, action);
    }

    /** As {@link #putOne}, with the request's body. */
    public static Route putBody(
            String path, Access access, BiFunction<Request, String, CompletionStage<Answer>> action) {
        return putOne(path, access, action).reading(BODY_READ_MAX_BYTES);
    }

    /** Any method of exactly this path; the body is kept but for {@code GET}. */
    public static Route any(
            String method, String path, Access access, Function<Request, CompletionStage<Answer>> action) {
        Route route = new Route(method, path, After.NOTHING, access, (request, none) -> action.apply(request));
        return method.equals("GET") ? route : route.reading(BODY_READ_MAX_BYTES);
    }

    /** Any method of this path and whatever follows it, such as a key with slashes; longer prefixes win. */
    public static Route rest(
            String method, String path, Access access, BiFunction<Request, String, CompletionStage<Answer>> action) {
        return new Route(method, path, After.REST, access, action);
    }

    /** A path whose last segment, which others have, is missing: refused with this text. */
    public static Route incomplete(String method, String path, String text) {
        return new Route(
                method, path, After.NOTHING, Access.OPEN, (request, none) -> now(Answer.text(BAD_REQUEST, text)));
    }

    /** The same, with a body of up to so many bytes. */
    public Route reading(long maxBytes) {
        return new Route(method, prefix, after, access, maxBytes, waits, told, passesToken, action);
    }

    /** The same, for an answer that may wait for a change. */
    public Route waiting() {
        return new Route(method, prefix, after, access, bodyMaxBytes, true, told, passesToken, action);
    }

    /** The same, whose audit lines show these parameters. */
    public Route telling(String... parameters) {
        return new Route(method, prefix, after, access, bodyMaxBytes, waits, List.of(parameters), passesToken, action);
    }

    /** The same, for an action that shows the token to other agents, over calls that are secured. */
    public Route passingToken() {
        return new Route(method, prefix, after, access, bodyMaxBytes, waits, told, true, action);
    }

    boolean matches(List<String> path) {
        int more = path.size() - prefix.size();
        boolean isLong = switch (after) {
            case NOTHING -> more == 0;
            case ONE -> more == 1;
            case REST -> more >= 0;
        };
        return isLong && path.subList(0, prefix.size()).equals(prefix);
    }

    /** What follows the prefix in the request's path. */
    String argument(Request request) {
        return switch (after) {
            case NOTHING -> "";
            case ONE -> request.path().get(prefix.size());
            case REST -> request.rest(prefix.size());
        };
    }

    CompletionStage<Answer> answer(Request request) {
        return action.apply(request, argument(request));
    }

    /** An answer that is there already. */
    public static CompletionStage<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static List<String> segments(String path) {
        return path.isEmpty() ? List.of() : List.of(path.split("/"));
    }
}
