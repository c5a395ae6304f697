package io.sotto.wire.metrics;

/** What a metric is measured in: base units only. Source: ours, after the naming rules of Prometheus. */
public enum MetricUnit {
    /** Things, which the name names; also states that are 0 or 1. */
    COUNT(""),
    BYTES("bytes"),
    SECONDS("seconds");

    private final String word;

    MetricUnit(String word) {
        this.word = word;
    }

    /** The last part of the name of every metric in this unit; empty for {@link #COUNT}. */
    public String word() {
        return word;
    }
}
