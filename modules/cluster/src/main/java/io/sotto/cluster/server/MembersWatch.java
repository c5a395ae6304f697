package io.sotto.cluster.server;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.membership.query.SottoQuery;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Tells of what happens to members, and once of a real server among them: {@code watching -> warned}. */
final class MembersWatch {
    private static final String ROLE = "consul";

    private MembersWatch() {}

    /** @param ofOurs whether somebody would be a rival if it were a real server */
    static Behavior<MemberEvent> create(
            Pool pool, Predicate<Member> ofOurs, Consumer<MemberEvent> changed, Consumer<Member> rival) {
        return Behaviors.setup(context -> {
            pool.subscribe(context.getSelf());
            return watching(ofOurs, changed, rival);
        });
    }

    static Behavior<MemberEvent> watching(
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
