package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whoever waits to be told by one driver, and what it was asked and has not begun with: what of it outlives a fault. Owned by the
 * actor, all its lives.
 */
final class Followers {
    private static final int ASKERS_MAX = 256;

    private final Set<ActorRef<UpshiftProgress>> following = new LinkedHashSet<>();
    private final Set<ActorRef<UpshiftProgress>> once = new LinkedHashSet<>();
    private final List<ActorRef<UpshiftProgress>> askers = new ArrayList<>();
    private final List<ActorRef<UpshiftPlan>> planners = new ArrayList<>();
    private Optional<Upshift.Command> pending = Optional.empty();
    private Optional<Upshift.Command> done = Optional.empty();

    List<ActorRef<UpshiftProgress>> all() {
        return List.copyOf(following);
    }

    boolean add(ActorRef<UpshiftProgress> follower) {
        return following.add(follower);
    }

    void remove(ActorRef<UpshiftProgress> follower) {
        following.remove(follower);
        once.remove(follower);
    }

    /** Told the next time that anything is told, and not again. */
    void once(ActorRef<UpshiftProgress> asker) {
        once.add(asker);
    }

    void tell(UpshiftProgress progress) {
        following.forEach(follower -> follower.tell(progress));
        once.forEach(asker -> asker.tell(progress));
        once.clear();
    }

    void end(UpshiftProgress progress) {
        tell(progress);
        following.clear();
    }

    /** Whether nobody asked before, so that somebody has to be asked for an answer. */
    boolean ask(ActorRef<UpshiftProgress> asker) {
        if (askers.size() + planners.size() >= ASKERS_MAX) {
            asker.tell(UpshiftProgress.none("too many ask how it stands"));
            return false;
        }
        askers.add(asker);
        return askers.size() + planners.size() == 1;
    }

    /** The same for a plan; who comes too late is not answered. */
    boolean askPlan(ActorRef<UpshiftPlan> planner) {
        if (askers.size() + planners.size() >= ASKERS_MAX) {
            return false;
        }
        planners.add(planner);
        return askers.size() + planners.size() == 1;
    }

    void answer(Supplier<UpshiftProgress> progress, Supplier<UpshiftPlan> plan) {
        if (!askers.isEmpty()) {
            UpshiftProgress known = progress.get();
            askers.forEach(asker -> asker.tell(known));
        }
        if (!planners.isEmpty()) {
            UpshiftPlan made = plan.get();
            planners.forEach(planner -> planner.tell(made));
        }
        askers.clear();
        planners.clear();
    }

    /** What is about to begin, until something of it is written down. */
    void pending(Upshift.Command cause) {
        done = Optional.empty();
        pending = Optional.of(cause);
    }

    Optional<Upshift.Command> pending() {
        return pending;
    }

    void forgetPending() {
        pending = Optional.empty();
    }

    /** Whether this very request was not carried out already, before a fault had it come once more. */
    boolean isNew(Upshift.Command cause) {
        boolean isNew = done.filter(before -> before == cause).isEmpty();
        done = Optional.of(cause);
        return isNew;
    }
}
