package io.sotto.agent.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An agent's HTTP API on loopback that gives prepared answers and remembers what it was asked. */
final class StubAgent implements AutoCloseable {
    private record Prepared(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Prepared> answers = new LinkedHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private boolean chunked;

    StubAgent() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Prepares the answer to {@code request}, such as {@code GET /v1/agent/self}. */
    StubAgent on(String request, int status, String body) {
        answers.put(request, new Prepared(status, body));
        return this;
    }

    StubAgent chunked() {
        chunked = true;
        return this;
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    /** What each request carried. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(request);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Prepared prepared = answers.getOrDefault(request, new Prepared(404, ""));
        byte[] body = prepared.body().getBytes(StandardCharsets.UTF_8);
        // The server takes 0 to mean chunked and -1 to mean no body.
        exchange.sendResponseHeaders(prepared.status(), chunked ? 0 : body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }
}
