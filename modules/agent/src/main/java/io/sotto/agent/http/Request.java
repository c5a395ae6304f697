package io.sotto.agent.http;

import io.sotto.agent.access.Rights;
import io.sotto.agent.access.Token;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * A request as the routes see it. Its text holds neither the query nor a header, either of which may be a secret.
 *
 * @param method in capitals
 * @param path the decoded segments between the slashes, without empty ones
 * @param target the whole decoded path after its first slash, each slash as it stood
 * @param query the decoded parameters; one without a value has the empty string, of one given again the last counts
 * @param repeated all values of each parameter, in order
 * @param headers what came before the body
 * @param remote where it came from; empty where it came over no socket
 * @param rights what its sender may, as far as that decides on each entry of an answer
 * @param body empty but for the routes that read one
 * @param gone completes if its sender goes before it has the answer; empty where that is not told
 */
public record Request(
        String method,
        List<String> path,
        String target,
        Map<String, String> query,
        Map<String, List<String>> repeated,
        Headers headers,
        Optional<InetSocketAddress> remote,
        Rights rights,
        Octets body,
        Optional<CompletionStage<Done>> gone) {
    private static final String BEARER = "bearer";
    private static final String TOKEN = "token";
    private static final Set<String> TOKEN_HEADERS = Set.of("x-consul-token", "authorization");

    /** The lines before the body. */
    @FunctionalInterface
    public interface Headers {
        Headers NONE = name -> Optional.empty();

        /** The value of the first header of this name, however it is capitalised. */
        Optional<String> header(String name);
    }

    public Request {
        path = List.copyOf(path);
        query = Map.copyOf(query);
        repeated = Map.copyOf(repeated);
    }

    /** Of a sender who stays. */
    public Request(
            String method,
            List<String> path,
            String target,
            Map<String, String> query,
            Map<String, List<String>> repeated,
            Headers headers,
            Optional<InetSocketAddress> remote,
            Rights rights,
            Octets body) {
        this(method, path, target, query, repeated, headers, remote, rights, body, Optional.empty());
    }

    /** Of anybody who may do everything. */
    Request(
            String method,
            List<String> path,
            Map<String, String> query,
            Map<String, List<String>> repeated,
            Octets body) {
        this(method, path, String.join("/", path), query, repeated, Headers.NONE, Optional.empty(), Rights.ALL, body);
    }

    /** Without a body, and with each parameter once. */
    Request(String method, List<String> path, Map<String, String> query) {
        this(method, path, query, Map.of(), Octets.empty());
    }

    /** The same from somebody who may do this. */
    Request with(Rights others) {
        return new Request(method, path, target, query, repeated, headers, remote, others, body, gone);
    }

    /** The same as if no token had been sent: one that only this agent knows goes no further. */
    Request withoutToken() {
        Map<String, String> others = new LinkedHashMap<>(query);
        others.remove(TOKEN);
        Headers rest =
                name -> TOKEN_HEADERS.contains(name.toLowerCase(Locale.ROOT)) ? Optional.empty() : headers.header(name);
        return new Request(method, path, target, others, repeated, rest, remote, rights, body, gone);
    }

    /** The same with its body. */
    Request with(Octets read) {
        return new Request(method, path, target, query, repeated, headers, remote, rights, read, gone);
    }

    /** The same from somebody whose going is told. */
    Request until(CompletionStage<Done> hungUp) {
        return new Request(method, path, target, query, repeated, headers, remote, rights, body, Optional.of(hungUp));
    }

    /** Has a call of somebody else's called off if the sender goes before it has ended. */
    <T> CompletableFuture<T> callOff(CompletableFuture<T> call) {
        gone.ifPresent(hungUp -> hungUp.thenRun(() -> call.cancel(false)));
        return call;
    }

    /** All values of a parameter, in order. */
    public List<String> values(String parameter) {
        return repeated.getOrDefault(
                parameter, parameter(parameter).map(List::of).orElse(List.of()));
    }

    /** Whether a parameter is given and has a value. */
    public boolean says(String parameter) {
        return !parameter(parameter).orElse("").isEmpty();
    }

    /** Whether a parameter is given, with a value or without. */
    public boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The value of the first header of this name, however it is capitalised. */
    public Optional<String> header(String name) {
        return headers.header(name);
    }

    /**
     * The token that was sent: by {@code ?token=}, else by {@code X-Consul-Token}, else by {@code Authorization: Bearer}. Source:
     * agent behaviour, section 7.
     */
    public Optional<Token> token() {
        return nonEmpty(parameter(TOKEN))
                .or(() -> nonEmpty(header("X-Consul-Token")))
                .or(() -> header("Authorization").flatMap(Request::bearer))
                .map(Token::of);
    }

    private static Optional<String> nonEmpty(Optional<String> text) {
        return text.filter(some -> !some.isEmpty());
    }

    private static Optional<String> bearer(String authorization) {
        String[] words = authorization.strip().split("\\s+", -1);
        return words.length > 1 && words[0].toLowerCase(Locale.ROOT).equals(BEARER)
                ? nonEmpty(Optional.of(words[1]))
                : Optional.empty();
    }

    /** What of the path follows its first {@code count} segments and the slash after them, with its own slashes. */
    String rest(int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            int slash = target.indexOf('/', from);
            if (slash < 0) {
                return "";
            }
            from = slash + 1;
        }
        return target.substring(from);
    }

    public Answer.Layout layout() {
        return query.containsKey("pretty") ? Answer.Layout.PRETTY : Answer.Layout.COMPACT;
    }

    /** Without what may be a secret. */
    @Override
    public String toString() {
        return "Request[" + method + " /" + target + "]";
    }
}
