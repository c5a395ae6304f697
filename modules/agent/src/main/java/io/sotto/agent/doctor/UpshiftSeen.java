package io.sotto.agent.doctor;

import java.util.List;

/**
 * An upshift of the pool, as an agent tells of it.
 *
 * @param kind {@code gossip} or {@code tls}
 * @param driver who drives it, or did
 * @param confirmed the highest stage that all have confirmed
 * @param isUnderWay whether somebody drives it now
 * @param waitsForNext whether it goes stage by stage and waits to be told
 * @param outcome how it ended; empty while it has not
 * @param waitingFor the members that it waits for
 * @param without those that it went on without
 */
public record UpshiftSeen(
        String kind,
        String driver,
        String confirmed,
        boolean isUnderWay,
        boolean waitsForNext,
        String outcome,
        List<String> waitingFor,
        List<String> without) {
    public UpshiftSeen {
        waitingFor = List.copyOf(waitingFor);
        without = List.copyOf(without);
    }
}
