package io.sotto.gossip.datapath;

import io.sotto.gossip.rate.AddressRate;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/**
 * How many datagrams one source may send: a bucket of tokens for each address, in a table of fixed size, looked at before
 * any work is done for a datagram.
 *
 * <p>A source address can be forged, so this keeps a host that floods by mistake or from its own address from taking all
 * the time of the stages; it is no proof against an attacker who forges. One owner, its stage. Source: security rules,
 * "Rules for the packet path"; {@code sotto.gossip.datapath.source-rate} and {@code source-burst}.
 */
public final class SourceRate {
    private final AddressRate rate;
    private final LongSupplier nanos;

    private SourceRate(AddressRate rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
    }

    /**
     * Full buckets, as the settings say.
     *
     * @param nanos a monotonic clock
     * @param seed chosen by chance, for the places in the table
     */
    public static SourceRate create(DatapathSettings settings, LongSupplier nanos, long seed) {
        return new SourceRate(AddressRate.create(settings.sourceRate(), settings.sourceBurst(), seed), nanos);
    }

    /** No limit. */
    public static SourceRate none() {
        return new SourceRate(AddressRate.create(0, 1, 0), () -> 0);
    }

    boolean admits(InetAddress source) {
        return rate.admits(source, nanos.getAsLong());
    }
}
