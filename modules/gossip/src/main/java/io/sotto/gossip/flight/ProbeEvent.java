package io.sotto.gossip.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A probe has ended; {@code roundTrip} is 0 where there was no direct answer. Immutable. */
@Name("sotto.Probe")
@Label("Probe")
@Description("A probe of a member has ended")
@Category("sotto")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class ProbeEvent extends Event {
    private static final EventType TYPE = EventType.getEventType(ProbeEvent.class);

    @Label("Node")
    private final String node;

    @Label("Member")
    private final String member;

    @Label("Outcome")
    private final String outcome;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    private final long took;

    @Label("Round trip")
    @Timespan(Timespan.NANOSECONDS)
    private final long roundTrip;

    private ProbeEvent(String node, String member, String outcome, long took, long roundTrip) {
        this.node = node;
        this.member = member;
        this.outcome = outcome;
        this.took = took;
        this.roundTrip = roundTrip;
    }

    /** Whether anybody records it: only then is it worth to find out what to say. */
    public static boolean isRecorded() {
        return TYPE.isEnabled();
    }

    /** Tells the recorder. */
    public static void record(String node, String member, String outcome, long took, long roundTrip) {
        new ProbeEvent(node, member, outcome, took, roundTrip).commit();
    }
}
