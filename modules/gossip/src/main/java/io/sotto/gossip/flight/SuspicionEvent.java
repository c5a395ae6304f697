package io.sotto.gossip.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A suspicion began, was confirmed, or ended: then {@code state} is what the member is now. Immutable. */
@Name("sotto.Suspicion")
@Label("Suspicion")
@Description("A suspicion began, was confirmed by another, or ended")
@Category("sotto")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class SuspicionEvent extends Event {
    private static final EventType TYPE = EventType.getEventType(SuspicionEvent.class);

    @Label("Node")
    private final String node;

    @Label("Member")
    private final String member;

    @Label("State")
    private final String state;

    @Label("Accuser")
    private final String accuser;

    @Label("Confirmers")
    private final int confirmers;

    private SuspicionEvent(String node, String member, String state, String accuser, int confirmers) {
        this.node = node;
        this.member = member;
        this.state = state;
        this.accuser = accuser;
        this.confirmers = confirmers;
    }

    /** Whether anybody records it: only then is it worth to find out what to say. */
    public static boolean isRecorded() {
        return TYPE.isEnabled();
    }

    /** Tells the recorder. */
    public static void record(String node, String member, String state, String accuser, int confirmers) {
        new SuspicionEvent(node, member, state, accuser, confirmers).commit();
    }
}
