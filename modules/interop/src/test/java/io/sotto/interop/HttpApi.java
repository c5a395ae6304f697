package io.sotto.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** The HTTP API that real Consul agents and sotto agents share. */
final class HttpApi {
    static final int PORT = 8500;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private final String address;

    HttpApi(String ip) {
        this.address = Site.address(ip, PORT);
    }

    /** For {@code -http-addr}. */
    String address() {
        return address;
    }

    Set<MemberLine> members() {
        return MemberLine.ofApi(get("/v1/agent/members"));
    }

    /** The sum of a metric's values over all its labels, by its name in Prometheus' text without {@code _total}. */
    long metric(String name) {
        return text("/v1/agent/metrics?format=prometheus")
                .lines()
                .filter(line -> line.matches(name + "(_total)?[{ ].*"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Answers what a GET of this path gives, which must be a success. */
    JsonNode get(String path) {
        return NodeFiles.parse(text(path));
    }

    /** Answers what a PUT of this path gives, whatever it is. */
    HttpResponse<String> put(String path) {
        return send(request(path).PUT(HttpRequest.BodyPublishers.noBody()).build());
    }

    /** Answers what a PUT of this path with this body gives, whatever it is, and however long it takes. */
    HttpResponse<String> put(String path, String body) {
        return send(request(path)
                .timeout(LONG_PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Answers what a GET of this path gives, whatever it is, and however long it takes. */
    HttpResponse<String> ask(String path) {
        return send(request(path).timeout(LONG_PATIENCE).build());
    }

    /** Answers what a request gives, whatever it is; an empty body is none. */
    HttpResponse<String> ask(String method, String path, String body) {
        return send(request(path)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private String text(String path) {
        HttpRequest request = request(path).build();
        HttpResponse<String> response = send(request);
        if (response.statusCode() != 200) {
            throw new AssertionError(request + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(PATIENCE);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
