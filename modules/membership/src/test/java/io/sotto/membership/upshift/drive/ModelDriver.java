package io.sotto.membership.upshift.drive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What carries out the wishes of one machine, one after the other; gone with its node. */
final class ModelDriver {
    final ModelMember node;
    final UpshiftMachine machine;
    final Deque<UpshiftEffect> waiting = new ArrayDeque<>();
    final List<UpshiftProgress> told = new ArrayList<>();
    Optional<UpshiftProgress> end = Optional.empty();
    /** Whether an earlier life had seen the end already, and only goes on telling. */
    final boolean isTelling;

    boolean isGone;
    boolean isStepping;

    ModelDriver(ModelMember node, UpshiftMachine machine) {
        this.node = node;
        this.machine = machine;
        this.isTelling = machine.record().outcome().isPresent();
    }

    UpshiftOutcome outcome() {
        return end.flatMap(UpshiftProgress::record)
                .flatMap(UpshiftRecord::outcome)
                .orElseThrow();
    }

    boolean isOver() {
        return isGone || end.isPresent();
    }
}
