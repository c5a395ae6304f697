package io.sotto.agent.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The HTTP API of a datacenter with a store, in which nodes do at an event what a test says. */
final class StubStore implements AutoCloseable {
    static final String SESSION = "7a07b729-7392-caf2-0b1d-a128d4648277";
    private static final String FOLDER = "_rexec/" + SESSION + "/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> keys = new TreeMap<>();
    private final Map<String, String> atEvent = new TreeMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> bodies = Collections.synchronizedMap(new TreeMap<>());
    private long index = 10;

    StubStore() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** A key below the job's folder that a node writes at the event. */
    StubStore atEvent(String key, String value) {
        atEvent.put(FOLDER + key, value);
        return this;
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    /** What the first request whose path begins so carried. */
    String body(String path) {
        return bodies.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    synchronized List<String> keys() {
        return List.copyOf(keys.keySet());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        asked.add(exchange.getRequestMethod() + " " + uri);
        if (!body.isEmpty()) {
            bodies.put(uri.getPath(), body);
        }
        String said = said(exchange.getRequestMethod(), uri.getPath(), query, body);
        synchronized (this) {
            exchange.getResponseHeaders().add("X-Consul-Index", Long.toString(index));
        }
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(said.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private synchronized String said(String method, String path, String query, String body) {
        if (path.equals("/v1/agent/self")) {
            return "{\"Config\":{\"NodeName\":\"a1\",\"Datacenter\":\"dc1\"}}";
        }
        if (path.equals("/v1/health/service/consul")) {
            return "[{\"Node\":{\"Node\":\"far\"}}]";
        }
        if (path.equals("/v1/session/create")) {
            return "{\"ID\":\"" + SESSION + "\"}";
        }
        if (path.startsWith("/v1/event/fire/")) {
            atEvent.forEach((key, value) -> keys.put(key, value.getBytes(StandardCharsets.UTF_8)));
            index++;
            return "{\"ID\":\"4c32d2fb-4b4a-4bc4-a0a1-1c50a3c8d3a6\"}";
        }
        if (path.startsWith("/v1/kv/")) {
            return kv(method, path.substring("/v1/kv/".length()), query, body);
        }
        return "true";
    }

    private String kv(String method, String key, String query, String body) {
        if (method.equals("PUT")) {
            keys.put(key, body.getBytes(StandardCharsets.UTF_8));
            return "true";
        }
        if (method.equals("DELETE")) {
            keys.keySet().removeIf(name -> name.startsWith(key));
            return "true";
        }
        if (query.startsWith("keys")) {
            waitForMore(query);
            return keys.keySet().stream()
                    .filter(name -> name.startsWith(key))
                    .map(name -> "\"" + name + "\"")
                    .collect(Collectors.joining(",", "[", "]"));
        }
        byte[] value = keys.get(key);
        return value == null ? "" : "[{\"Value\":\"" + Base64.getEncoder().encodeToString(value) + "\"}]";
    }

    /** Nothing more ever comes: the whole time passes. */
    private void waitForMore(String query) {
        int at = query.indexOf("wait=");
        if (at >= 0 && query.contains("index=" + index)) {
            long millis = Long.parseLong(query.substring(at + 5, query.indexOf("ms", at)));
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            try {
                for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())) {
                    wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
