package io.sotto.agent.http;

import io.sotto.agent.access.Rights;
import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts requests to the routes of one part, as the table of all routes would. */
final class Asking {
    private final RouteTable routes;

    Asking(ApiPart part) {
        this.routes = new RouteTable(part.routes());
    }

    Answer get(String url) {
        return ask("GET", url, "", Map.of());
    }

    Answer put(String url, String body) {
        return ask("PUT", url, body, Map.of());
    }

    Answer delete(String url) {
        return ask("DELETE", url, "", Map.of());
    }

    /** A path without the first slash, with a query whose values need no decoding. */
    Answer ask(String method, String url, String body, Map<String, String> headers) {
        String[] parts = url.split("\\?", 2);
        List<String> path = new ArrayList<>(List.of(parts[0].split("/")));
        path.removeIf(String::isEmpty);
        Map<String, String> query = new LinkedHashMap<>();
        Map<String, List<String>> repeated = new LinkedHashMap<>();
        for (String parameter : parts.length < 2 ? new String[0] : parts[1].split("&")) {
            String[] pair = parameter.split("=", 2);
            String value = pair.length < 2 ? "" : pair[1];
            query.put(pair[0], value);
            repeated.computeIfAbsent(pair[0], none -> new ArrayList<>()).add(value);
        }
        Request request = new Request(
                method,
                path,
                parts[0],
                query,
                repeated,
                name -> Optional.ofNullable(headers.get(name)),
                Optional.empty(),
                Rights.ALL,
                Octets.utf8(body));
        return routes.find(path).stream()
                .filter(route -> route.method().equals(method))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no route for " + method + " " + url))
                .answer(request)
                .toCompletableFuture()
                .getNow(Answer.text(599, "not answered at once"));
    }
}
