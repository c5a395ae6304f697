package io.sotto.cluster.server;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.membership.query.SottoQuery;
import io.sotto.rpc.supervision.SecondTry;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Tells of what happens to members, and once of a real server among them: {@code watching -> warned}. Supervised by resume: an
 * event on which it failed is told once more.
 */
final class MembersWatch {
    private static final String ROLE = "consul";

    private MembersWatch() {}

    /** @param ofOurs whether somebody would be a rival if it were a real server */
    static Behavior<MemberEvent> create(
            Pool pool, Predicate<Member> ofOurs, Consumer<MemberEvent> changed, Consumer<Member> rival) {
        return Behaviors.setup(context -> {
            pool.subscribe(context.getSelf());
            return supervised(ofOurs, changed, rival);
        });
    }

    static Behavior<MemberEvent> supervised(
            Predicate<Member> ofOurs, Consumer<MemberEvent> changed, Consumer<Member> rival) {
        return SecondTry.of(
                MemberEvent.class,
                SupervisorStrategy.resume(),
                () -> SecondTry.Faults.NONE,
                watching(ofOurs, changed, rival));
    }

    private static Behavior<MemberEvent> watching(
            Predicate<Member> ofOurs, Consumer<MemberEvent> changed, Consumer<Member> rival) {
        return Behaviors.receiveMessage(event -> {
            changed.accept(event);
            if (!isRealServer(event) || !ofOurs.test(event.member())) {
                return Behaviors.same();
            }
            rival.accept(event.member());
            return warned(changed);
        });
    }

    private static Behavior<MemberEvent> warned(Consumer<MemberEvent> changed) {
        return Behaviors.receiveMessage(event -> {
            changed.accept(event);
            return Behaviors.same();
        });
    }

    private static boolean isRealServer(MemberEvent event) {
        boolean isThere = event.kind() == MemberEvent.Kind.JOINED || event.kind() == MemberEvent.Kind.UPDATED;
        return isThere
                && event.member().status() == Member.Status.ALIVE
                && ROLE.equals(event.member().tags().get("role"))
                && !event.member().tags().containsKey(SottoQuery.TAG);
    }
}
