package io.sotto.cluster.upshift;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Why an order was not obeyed. Each is counted. Source: ours. */
public enum OrderRefusal {
    /** It was none. */
    UNREADABLE,
    /** The caller has proved nothing: plaintext, no certificate, or one that would not do. */
    UNPROVEN,
    /** The caller's certificate is a member's, and no token came that is enough. */
    UNAUTHORISED,
    /** The caller's certificate names another node than the driver that the order names. */
    OTHER_NODE,
    /** A later one is known: of a higher epoch, of another driver, or of an upshift that began later. */
    OVERTAKEN,
    /** It would skip a stage. */
    SKIPS,
    /** The ring lacks the key, and it did not come with the order. */
    KEY,
    /** The settings could not be changed, or not be written. */
    NOT_TAKEN,
    /** Too many wait. */
    BUSY;

    /** The name in metrics and documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All of them, in the order of the documents. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(OrderRefusal::label).toList();
    }
}
