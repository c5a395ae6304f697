package io.sotto.agent.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Uri;

/** The HTTP API of an agent in a test, asked directly or on a socket of loopback. */
public final class GoldenAgent {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);

    private final AgentApi api;

    GoldenAgent(AgentApi api) {
        this.api = api;
    }

    /**
     * An answer.
     *
     * @param contentType {@code None} for none
     */
    public record Reply(int status, String contentType, String body) {}

    /** What it answers, read as if it had come over the wire. */
    public Reply ask(String method, String url, String body) {
        HttpRequest request = HttpRequest.create()
                .withMethod(HttpMethods.lookup(method).orElseThrow())
                .withUri(Uri.create(url, Uri.RELAXED));
        Answer answer = api.answer(HttpHeads.read(request, CLIENT).with(Octets.utf8(body)))
                .toCompletableFuture()
                .join();
        String type = answer.form().contentType();
        return new Reply(answer.status(), type.isEmpty() ? "None" : type, answer.body());
    }

    /** Has it answer on a socket. */
    public Listening listen() throws IOException {
        HttpServer socket = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        socket.createContext("/", this::serve);
        socket.start();
        return new Listening(socket);
    }

    /** An agent's socket. */
    public record Listening(HttpServer socket) implements AutoCloseable {
        public String address() {
            return "127.0.0.1:" + socket.getAddress().getPort();
        }

        @Override
        public void close() {
            socket.stop(0);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        Reply reply = ask(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        // The server takes 0 to mean chunked and -1 to mean no body.
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
