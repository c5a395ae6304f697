package io.sotto.rpc.link;

import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what was refused, in the words of a real agent where it has some, and at most once a second for each reason: a flood
 * must not fill the log. Any thread.
 */
final class LinkLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.sotto.rpc.link");
    /** Where in a text the peer's address is to stand. */
    static final String FROM = "<from>";

    private static final int LINE_MAX = 300;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LinkCounters counters;
    private final LongSupplier clock;
    private final Map<LinkRefusal, Long> nextAt = new EnumMap<>(LinkRefusal.class);

    LinkLog(LinkCounters counters, LongSupplier clock) {
        this.counters = counters;
        this.clock = clock;
    }

    /** Counts, and says so if it was quiet for a second. */
    void refuse(LinkRefusal reason, InetSocketAddress from, String text) {
        counters.refuse(reason);
        long now = clock.getAsLong();
        synchronized (nextAt) {
            Long next = nextAt.get(reason);
            if (next != null && now - next < 0) {
                return;
            }
            nextAt.put(reason, now + QUIET_NANOS);
        }
        LOG.warn("{}", line(text, from));
    }

    static void endpointFailed(String method, Throwable cause) {
        LOG.error("the endpoint of {} failed", method, cause);
    }

    /** Bounded, on one line, and with nothing that a terminal would act on: parts of it may be the peer's. */
    static String line(String text, InetSocketAddress from) {
        StringBuilder line = new StringBuilder();
        String whole = text.replace(FROM, "conn=from=" + address(from));
        for (int i = 0; i < Math.min(whole.length(), LINE_MAX); i++) {
            char c = whole.charAt(i);
            line.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return whole.length() > LINE_MAX ? line.append("...").toString() : line.toString();
    }

    private static String address(InetSocketAddress from) {
        return (from.isUnresolved() ? from.getHostString() : from.getAddress().getHostAddress()) + ":" + from.getPort();
    }
}
