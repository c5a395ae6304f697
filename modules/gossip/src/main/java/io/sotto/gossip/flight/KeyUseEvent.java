package io.sotto.gossip.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Something was done with a key; keys are named by their ids. Immutable. */
@Name("sotto.KeyUse")
@Label("Key use")
@Description("A key came on the ring, became its primary, or left it")
@Category("sotto")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class KeyUseEvent extends Event {
    private static final EventType TYPE = EventType.getEventType(KeyUseEvent.class);

    @Label("Operation")
    private final String operation;

    @Label("Key id")
    private final String keyId;

    @Label("Primary key id")
    private final String primaryId;

    @Label("Keys on the ring")
    private final int keys;

    private KeyUseEvent(String operation, String keyId, String primaryId, int keys) {
        this.operation = operation;
        this.keyId = keyId;
        this.primaryId = primaryId;
        this.keys = keys;
    }

    /** Whether anybody records it: only then is it worth to find out what to say. */
    public static boolean isRecorded() {
        return TYPE.isEnabled();
    }

    /** Tells the recorder. */
    public static void record(String operation, String keyId, String primaryId, int keys) {
        new KeyUseEvent(operation, keyId, primaryId, keys).commit();
    }
}
