package io.sotto.pki;

import java.util.List;

/** TLS settings, or the files behind them, that cannot be used. Holds every fault found, in a real agent's words if it has any. */
public final class InvalidTlsException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    /** With at least one fault; none of them may show key material. */
    public InvalidTlsException(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
