package io.sotto.membership.upshift.drive;

import java.util.Optional;

/**
 * What came of ordering one member.
 *
 * @param kind what
 * @param why in words, if it refused or could not be reached
 * @param held the record that it holds, if that is why it refused
 */
public record OrderAnswer(Kind kind, String why, Optional<UpshiftRecord> held) {
    public enum Kind {
        /** It has taken the stage and keeps the record. */
        TAKEN,
        /** It will not. */
        REFUSED,
        /** Nothing came back: it may have taken it, or not, or may do so yet. */
        SILENT
    }

    public static OrderAnswer taken() {
        return new OrderAnswer(Kind.TAKEN, "", Optional.empty());
    }

    public static OrderAnswer refused(String why, Optional<UpshiftRecord> held) {
        return new OrderAnswer(Kind.REFUSED, why, held);
    }

    public static OrderAnswer silent(String why) {
        return new OrderAnswer(Kind.SILENT, why, Optional.empty());
    }
}
