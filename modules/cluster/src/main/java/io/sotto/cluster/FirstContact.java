package io.sotto.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Exchanges views with the first server of each other datacenter that comes to the WAN pool.
 *
 * <p>Who joins tells what it knows, and a guarded pool believes that of the joiner alone: of whom else it speaks, the pool would
 * hear at the next exchange only, a minute later. An answer to an exchange of our own is believed, so that two pools that are
 * joined by one command are one within moments. Supervised by restart: a datacenter may then be met twice. Source: ours.
 */
final class FirstContact {
    private final String own;
    private final Set<String> met = new HashSet<>();

    /** What this actor is told. */
    sealed interface Command {}

    private record Happened(MemberEvent event) implements Command {}

    private record Ended(String datacenter, boolean reached) implements Command {}

    /** @param own the datacenter of this node */
    FirstContact(String own) {
        this.own = own;
    }

    static Behavior<Command> create(Pool wan, String own) {
        return Behaviors.setup(outer -> {
            // Once: a restart is told on.
            wan.subscribe(outer.messageAdapter(MemberEvent.class, Happened::new));
            return Behaviors.supervise(meeting(wan, own)).onFailure(SupervisorStrategy.restart());
        });
    }

    private static Behavior<Command> meeting(Pool wan, String own) {
        return Behaviors.setup(context -> {
            FirstContact contact = new FirstContact(own);
            return Behaviors.receive(Command.class)
                    .onMessage(Happened.class, happened -> {
                        Member member = happened.event.member();
                        if (contact.isFirst(happened.event)) {
                            context.pipeToSelf(
                                    wan.join(List.of(member.address().toString())),
                                    (outcome, failure) ->
                                            new Ended(datacenter(member), outcome != null && outcome.contacted() > 0));
                        }
                        return Behaviors.same();
                    })
                    .onMessage(Ended.class, ended -> {
                        if (!ended.reached) {
                            contact.forget(ended.datacenter);
                        }
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    /** Whether this is the first of its datacenter that is there; the next one will not be. */
    boolean isFirst(MemberEvent event) {
        String datacenter = datacenter(event.member());
        boolean isThere = event.kind() == MemberEvent.Kind.JOINED || event.kind() == MemberEvent.Kind.UPDATED;
        return isThere
                && event.member().status() == Member.Status.ALIVE
                && !datacenter.isEmpty()
                && !datacenter.equals(own)
                && met.add(datacenter);
    }

    /** It could not be reached: the next of its datacenter is the first again. */
    void forget(String datacenter) {
        met.remove(datacenter);
    }

    private static String datacenter(Member member) {
        return member.tags().getOrDefault("dc", "");
    }
}
