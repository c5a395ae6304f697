package io.sotto.gossip.rate;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * A bucket of tokens for each address, in a table that never grows: an IPv4 address has its own, IPv6 addresses share one
 * with their network of 64 bits, since that is what one host can pick its addresses from.
 *
 * <p>The table has sets of {@value #WAYS} places. An address without a place takes the one whose bucket is nearest to full,
 * so that those who send most are forgotten last; a place lost costs nothing but a burst. Which addresses share a set
 * depends on a seed that no sender knows. One owner, or a lock around it.
 *
 * <p>Source: security rules, "Rules for the packet path"; see {@link TokenBucket} for the method.
 */
public final class AddressRate {
    /** Addresses remembered at a time: 64 KiB. */
    static final int PLACES = 4_096;

    private static final int WAYS = 4;
    private static final int SET_BITS = Integer.numberOfTrailingZeros(PLACES / WAYS);
    /** An odd number whose multiples are well spread: 2^64 over the golden ratio. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private static final int NETWORK_BYTES = 8;

    private final long intervalNanos;
    private final long toleranceNanos;
    private final long seed;
    private final long[] addresses;
    private final long[] fullAtNanos;
    private long originNanos;
    private boolean started;

    private AddressRate(long intervalNanos, long toleranceNanos, long seed) {
        this.intervalNanos = intervalNanos;
        this.toleranceNanos = toleranceNanos;
        this.seed = seed;
        int places = intervalNanos == 0 ? 0 : PLACES;
        this.addresses = new long[places];
        this.fullAtNanos = new long[places];
    }

    /**
     * Full buckets.
     *
     * @param perSecond what comes back in a second, for each address; 0 admits everything
     * @param burst what each holds, 1 or more
     * @param seed chosen by chance
     */
    public static AddressRate create(int perSecond, int burst, long seed) {
        return new AddressRate(
                TokenBucket.intervalNanos(perSecond), TokenBucket.toleranceNanos(perSecond, burst), seed);
    }

    /** Takes a token of this address, if it has one. {@code nowNanos} is monotonic, from any origin. */
    public boolean admits(InetAddress address, long nowNanos) {
        if (intervalNanos == 0) {
            return true;
        }
        if (!started) {
            started = true;
            originNanos = nowNanos;
        }
        long now = nowNanos - originNanos;
        int place = place(number(address), now);
        long fullAt = Math.max(fullAtNanos[place], now);
        if (fullAt - now > toleranceNanos) {
            return false;
        }
        fullAtNanos[place] = fullAt + intervalNanos;
        return true;
    }

    /** The place of this address, which may be new to it and then is full. */
    private int place(long address, long now) {
        int first = (int) (((address ^ seed) * SPREAD) >>> (Long.SIZE - SET_BITS)) * WAYS;
        int fullest = first;
        for (int place = first; place < first + WAYS; place++) {
            if (addresses[place] == address) {
                return place;
            }
            if (fullAtNanos[place] < fullAtNanos[fullest]) {
                fullest = place;
            }
        }
        addresses[fullest] = address;
        fullAtNanos[fullest] = now;
        return fullest;
    }

    private static long number(InetAddress address) {
        if (address instanceof Inet4Address) {
            // The hash code of an IPv4 address is its four bytes; asking for them would make an array each time.
            return address.hashCode() & 0xffff_ffffL;
        }
        byte[] bytes = address.getAddress();
        long network = 0;
        for (int i = 0; i < NETWORK_BYTES; i++) {
            network = (network << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return network;
    }
}
