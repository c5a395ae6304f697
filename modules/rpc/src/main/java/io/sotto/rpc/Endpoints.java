package io.sotto.rpc;

import io.sotto.pki.PeerRole;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The methods that a node serves, each with the role that its callers must prove. Immutable. */
public final class Endpoints {
    private static final Endpoints NONE = new Endpoints(Map.of());

    /**
     * One method.
     *
     * @param required what a caller's certificate must prove, where the policy asks callers for certificates
     * @param endpoint who answers
     */
    public record Served(PeerRole required, Endpoint endpoint) {}

    private final Map<String, Served> methods;

    private Endpoints(Map<String, Served> methods) {
        this.methods = Map.copyOf(methods);
    }

    public static Endpoints none() {
        return NONE;
    }

    /**
     * These and one more, which takes the place of one of the same name.
     *
     * @param method {@code Service.Method}, both parts not empty; throws {@link IllegalArgumentException} for anything else
     */
    public Endpoints with(String method, PeerRole required, Endpoint endpoint) {
        int dot = method.lastIndexOf('.');
        if (dot <= 0 || dot == method.length() - 1) {
            throw new IllegalArgumentException("not Service.Method: " + method);
        }
        Map<String, Served> next = new TreeMap<>(methods);
        next.put(method, new Served(required, endpoint));
        return new Endpoints(next);
    }

    public Optional<Served> find(String method) {
        return Optional.ofNullable(methods.get(method));
    }

    /**
     * What a caller of a method that is not here sees. Source: RPC specification, section 3 (the texts of Go's net/rpc).
     */
    public String missing(String method) {
        int dot = method.lastIndexOf('.');
        if (dot < 0) {
            return "rpc: service/method request ill-formed: " + method;
        }
        String service = method.substring(0, dot + 1);
        boolean knowsService = methods.keySet().stream().anyMatch(name -> name.startsWith(service));
        return (knowsService ? "rpc: can't find method " : "rpc: can't find service ") + method;
    }

    @Override
    public String toString() {
        return methods.keySet().stream().sorted().collect(Collectors.joining(", ", "Endpoints[", "]"));
    }
}
