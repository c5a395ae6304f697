package io.sotto.wire.rpc.consul;

/** The request or the answer that holds nothing: an empty map. */
public record Nothing() {
    private static final Nothing INSTANCE = new Nothing();

    public static Nothing nothing() {
        return INSTANCE;
    }
}
