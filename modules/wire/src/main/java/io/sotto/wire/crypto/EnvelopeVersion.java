package io.sotto.wire.crypto;

/** The two forms of the sealed envelope. Source: gossip specification, section 6.3. */
public enum EnvelopeVersion {
    /** Padded to whole blocks; written only by nodes whose own memberlist protocol is 1. */
    V0(0, 45),
    /** As is; what everyone else writes. */
    V1(1, 29);

    private final int code;
    private final int overheadMaxBytes;

    EnvelopeVersion(int code, int overheadMaxBytes) {
        this.code = code;
        this.overheadMaxBytes = overheadMaxBytes;
    }

    /** The first byte of the envelope. */
    public int code() {
        return code;
    }

    /** What sealing adds at most; also the least length of an envelope. */
    public int overheadMaxBytes() {
        return overheadMaxBytes;
    }
}
