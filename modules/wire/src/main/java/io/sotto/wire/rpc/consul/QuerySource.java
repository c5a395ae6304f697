package io.sotto.wire.rpc.consul;

/** Where a request comes from, to sort what is found by distance; all empty for no sorting. */
public record QuerySource(String datacenter, String segment, String node, String ip) {
    private static final QuerySource NONE = new QuerySource("", "", "", "");

    public static QuerySource none() {
        return NONE;
    }
}
