package io.sotto.agent.http;

import io.sotto.wire.Octets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the routes see it.
 *
 * @param method in capitals
 * @param path the decoded segments between the slashes
 * @param query the decoded parameters; one without a value has the empty string, of one given again the last counts
 * @param repeated all values of each parameter, in order
 * @param body empty but for the routes that read one
 */
record Request(
        String method, List<String> path, Map<String, String> query, Map<String, List<String>> repeated, Octets body) {
    Request {
        path = List.copyOf(path);
        query = Map.copyOf(query);
        repeated = Map.copyOf(repeated);
    }

    /** Without a body, and with each parameter once. */
    Request(String method, List<String> path, Map<String, String> query) {
        this(method, path, query, Map.of(), Octets.empty());
    }

    /** All values of a parameter, in order. */
    List<String> values(String parameter) {
        return repeated.getOrDefault(
                parameter, parameter(parameter).map(List::of).orElse(List.of()));
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
