package io.sotto.gossip.stream;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what accepted connections take: places, places of one address, push/pulls being served, and bytes waiting.
 *
 * <p>Safe to call from any thread. Source: security rules, "Figures to hold"; gossip specification, section 5.3.
 */
final class StreamSlots {
    private final StreamSettings settings;
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private int total;
    private int pushPulls;
    private long bufferedBytes;

    StreamSlots(StreamSettings settings) {
        this.settings = settings;
    }

    synchronized boolean enter(InetAddress address) {
        int mine = perAddress.getOrDefault(address, 0);
        if (total >= settings.totalMax() || mine >= settings.perAddressMax()) {
            return false;
        }
        total++;
        perAddress.put(address, mine + 1);
        return true;
    }

    synchronized void leave(InetAddress address) {
        total--;
        perAddress.computeIfPresent(address, (key, mine) -> mine == 1 ? null : mine - 1);
    }

    synchronized boolean beginPushPull() {
        if (pushPulls >= settings.pushPullMax()) {
            return false;
        }
        pushPulls++;
        return true;
    }

    synchronized void endPushPull() {
        pushPulls--;
    }

    synchronized boolean buffer(int bytes) {
        if (bufferedBytes + bytes > settings.bufferedMaxBytes()) {
            return false;
        }
        bufferedBytes += bytes;
        return true;
    }

    synchronized void release(long bytes) {
        bufferedBytes -= bytes;
    }

    synchronized int total() {
        return total;
    }

    synchronized long bufferedBytes() {
        return bufferedBytes;
    }
}
