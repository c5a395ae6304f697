package io.sotto.rpc.pool;

/** Who is to answer a call. */
public sealed interface Callee {
    /** The one of this name. */
    record Member(String name) implements Callee {}

    /** Any one of those that say so of themselves by their tag {@code role}; calls are spread over them. */
    record Role(String role) implements Callee {}

    /** Any server of this datacenter; the same one until it fails, or until it is time to change. */
    record Servers(String datacenter) implements Callee {}

    static Callee member(String name) {
        return new Member(name);
    }

    static Callee role(String role) {
        return new Role(role);
    }

    static Callee servers(String datacenter) {
        return new Servers(datacenter);
    }
}
