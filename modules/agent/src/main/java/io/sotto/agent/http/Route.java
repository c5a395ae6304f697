package io.sotto.agent.http;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One line of the API's table: a method, the fixed beginning of a path, and how many segments follow it.
 *
 * @param arguments 0 or 1; the segment after {@code prefix} is passed on
 * @param readsBody whether the body is kept for the action
 */
record Route(
        String method,
        List<String> prefix,
        int arguments,
        boolean readsBody,
        BiFunction<Request, String, CompletionStage<Answer>> action) {

    /** {@code GET} of exactly this path, answered at once. */
    static Route get(String path, Function<Request, Answer> action) {
        return new Route("GET", segments(path), 0, false, (request, none) -> now(action.apply(request)));
    }

    /** {@code GET} of this path and one segment more, answered at once. */
    static Route getOne(String path, BiFunction<Request, String, Answer> action) {
        return new Route("GET", segments(path), 1, false, (request, one) -> now(action.apply(request, one)));
    }

    /** {@code GET} of exactly this path, answered in its time. */
    static Route getLater(String path, Function<Request, CompletionStage<Answer>> action) {
        return new Route("GET", segments(path), 0, false, (request, none) -> action.apply(request));
    }

    /** {@code PUT} of exactly this path. */
    static Route put(String path, Function<Request, CompletionStage<Answer>> action) {
        return new Route("PUT", segments(path), 0, false, (request, none) -> action.apply(request));
    }

    /** {@code PUT} of this path and one segment more. */
    static Route putOne(String path, BiFunction<Request, String, CompletionStage<Answer>> action) {
        return new Route("PUT", segments(path), 1, false, action);
    }

    /** As {@link #putOne}, with the request's body. */
    static Route putBody(String path, BiFunction<Request, String, CompletionStage<Answer>> action) {
        return new Route("PUT", segments(path), 1, true, action);
    }

    /** Any method of exactly this path; the body is kept but for {@code GET}. */
    static Route any(String method, String path, Function<Request, CompletionStage<Answer>> action) {
        return new Route(method, segments(path), 0, !method.equals("GET"), (request, none) -> action.apply(request));
    }

    boolean matches(List<String> path) {
        return path.size() == prefix.size() + arguments
                && path.subList(0, prefix.size()).equals(prefix);
    }

    CompletionStage<Answer> answer(Request request) {
        return action.apply(request, arguments == 0 ? "" : request.path().get(prefix.size()));
    }

    static CompletionStage<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static List<String> segments(String path) {
        return path.isEmpty() ? List.of() : List.of(path.split("/"));
    }
}
