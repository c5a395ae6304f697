package io.sotto.rpc.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A connection was confirmed or came to nothing, on the side that dialled or on the other. Immutable. */
@Name("sotto.Handshake")
@Label("Handshake")
@Description("A connection between members was made, or was not")
@Category("sotto")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class HandshakeEvent extends Event {
    private static final EventType TYPE = EventType.getEventType(HandshakeEvent.class);

    @Label("Side")
    private final String side;

    @Label("Peer")
    private final String peer;

    @Label("TLS")
    private final boolean tls;

    @Label("Outcome")
    private final String outcome;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    private final long took;

    private HandshakeEvent(String side, String peer, boolean tls, String outcome, long took) {
        this.side = side;
        this.peer = peer;
        this.tls = tls;
        this.outcome = outcome;
        this.took = took;
    }

    /** Whether anybody records it: only then is it worth to find out what to say. */
    public static boolean isRecorded() {
        return TYPE.isEnabled();
    }

    /** Tells the recorder. */
    public static void record(String side, String peer, boolean tls, String outcome, long took) {
        new HandshakeEvent(side, peer, tls, outcome, took).commit();
    }
}
