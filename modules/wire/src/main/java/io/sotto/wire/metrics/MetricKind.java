package io.sotto.wire.metrics;

/** How a metric moves. Source: ours, in the words that monitoring systems share. */
public enum MetricKind {
    /** Only grows, from zero at the start of the process. */
    COUNTER("counter"),
    /** Goes up and down. */
    GAUGE("gauge");

    private final String word;

    MetricKind(String word) {
        this.word = word;
    }

    /** The kind in documents and in the text format of Prometheus. */
    public String word() {
        return word;
    }
}
