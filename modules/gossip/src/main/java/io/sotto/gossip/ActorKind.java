package io.sotto.gossip;

/** The actors of a pool by what they are for, as metrics call them. Source: design, "The actors". */
enum ActorKind {
    /** {@link GossipPool} itself. */
    POOL("pool"),
    KEYRING("keyring"),
    TRANSPORT("transport"),
    BROADCASTS("broadcasts"),
    MEMBERS("members"),
    /** {@link RemoteMember}, one for each. */
    REMOTE("remote"),
    LOCAL("local"),
    PROBES("probes"),
    PROVER("prover"),
    /** {@link Probe}, one for a protocol period. */
    PROBE("probe"),
    /** {@link PauseDetector}. */
    PAUSES("pauses"),
    /** {@link PlaintextWatch}. */
    PLAINTEXT("plaintext"),
    SYNC("sync"),
    EVENTS("events"),
    RETRY_JOIN("retry-join"),
    COORDINATES("coordinates"),
    SNAPSHOT("snapshot"),
    REJOIN("rejoin"),
    /** {@link KeyInquiry} and {@link KeyStatus}, one for each operation. */
    KEY_INQUIRY("key-inquiry"),
    /** {@link io.sotto.gossip.rotation.Rotation}. */
    ROTATION("rotation"),
    /** {@link KeyTrials}. */
    TRIALS("trials"),
    /** {@link ReportInquiry}, one for each time that somebody asks. */
    REPORT_INQUIRY("report-inquiry");

    private final String label;

    ActorKind(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
