package io.sotto.membership.upshift.drive;

import java.util.Optional;

/**
 * Whether a member obeys an order, once it is settled that who gave it may give orders. Until all have taken the record, at
 * first and after a takeover, it keeps it and changes nothing. Going forward, an order never takes a member
 * down; going back, it may. Neither takes it further than one stage at a time. Stateless; source: ours.
 */
public final class OrderRule {
    /**
     * What to do.
     *
     * @param isObeyed whether the record is to be kept, and answered by {@link OrderAnswer#taken}
     * @param take the stage to take before that; empty if there is nothing to change
     * @param why it is refused, if it is not obeyed
     */
    public record Verdict(boolean isObeyed, Optional<UpshiftStage> take, String why) {}

    private OrderRule() {}

    /**
     * The verdict.
     *
     * @param held the last record of this kind that the member keeps
     * @param own the stage that it is at, as {@link Stands} tells it for the record's key
     * @param stage what is ordered
     * @param record what came with the order
     */
    public static Verdict judge(
            Optional<UpshiftRecord> held, UpshiftStage own, UpshiftStage stage, UpshiftRecord record) {
        if (held.isPresent() && UpshiftRecord.PRECEDENCE.compare(record, held.get()) < 0) {
            UpshiftRecord later = held.get();
            return refused("an order of epoch " + later.epoch() + " of the upshift " + later.id() + " by "
                    + later.driver() + " goes before this one");
        }
        if (record.isFencing()) {
            return new Verdict(true, Optional.empty(), "");
        }
        boolean isDown = stage.compareTo(own) < 0;
        if (stage == own || (isDown && record.course() == UpshiftCourse.FORWARD)) {
            return new Verdict(true, Optional.empty(), "");
        }
        return own.understands(stage)
                ? new Verdict(true, Optional.of(stage), "")
                : refused("this member is at " + own.word() + ": " + stage.word() + " would skip a stage");
    }

    private static Verdict refused(String why) {
        return new Verdict(false, Optional.empty(), why);
    }
}
