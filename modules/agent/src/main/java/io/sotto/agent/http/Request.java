package io.sotto.agent.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the routes see it. No route of this API reads a body.
 *
 * @param method in capitals
 * @param path the decoded segments between the slashes
 * @param query the decoded parameters; one without a value has the empty string
 */
record Request(String method, List<String> path, Map<String, String> query) {
    Request {
        path = List.copyOf(path);
        query = Map.copyOf(query);
    }

    /** Whether a parameter is given and has a value. */
    boolean says(String parameter) {
        return !parameter(parameter).orElse("").isEmpty();
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    Answer.Layout layout() {
        return query.containsKey("pretty") ? Answer.Layout.PRETTY : Answer.Layout.COMPACT;
    }
}
