package io.sotto.rpc.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call of this node has ended, after all its tries. Immutable. */
@Name("sotto.RpcCall")
@Label("RPC call")
@Description("A call that this node made has ended")
@Category("sotto")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class RpcCallEvent extends Event {
    private static final EventType TYPE = EventType.getEventType(RpcCallEvent.class);

    @Label("Method")
    private final String method;

    @Label("Callee")
    private final String callee;

    @Label("Outcome")
    private final String outcome;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    private final long took;

    private RpcCallEvent(String method, String callee, String outcome, long took) {
        this.method = method;
        this.callee = callee;
        this.outcome = outcome;
        this.took = took;
    }

    /** Whether anybody records it: only then is it worth to find out what to say. */
    public static boolean isRecorded() {
        return TYPE.isEnabled();
    }

    /** Tells the recorder. */
    public static void record(String method, String callee, String outcome, long took) {
        new RpcCallEvent(method, callee, outcome, took).commit();
    }
}
