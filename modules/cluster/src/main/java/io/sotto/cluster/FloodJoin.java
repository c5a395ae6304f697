package io.sotto.cluster;

import io.sotto.membership.query.SottoQuery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Has the servers of this datacenter in the WAN pool as soon as they are in the LAN pool: {@code idle -> joining -> idle}.
 *
 * <p>Looks when a member of the LAN pool comes or changes, and now and then; keeps nothing, so whatever it missed it finds at
 * the next look. Whoever could not be reached is tried again then. Supervised by restart. Source: gossip specification, section 19.2.
 */
final class FloodJoin {
    private static final int PORT_MAX = 65_535;

    /** A server that has just come to the LAN pool may not listen for the WAN yet. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Pool lan;
    private final Pool wan;
    private final String datacenter;

    /** What this actor is told. */
    sealed interface Command {}

    /** @param isNews whether somebody has just come */
    private record Look(boolean isNews) implements Command {}

    private record Happened(MemberEvent event) implements Command {}

    private record Joined(Look look, JoinOutcome outcome) implements Command {}

    private FloodJoin(
            ActorContext<Command> context, TimerScheduler<Command> timers, Pool lan, Pool wan, String datacenter) {
        this.context = context;
        context.setLoggerName(FloodJoin.class);
        this.timers = timers;
        this.lan = lan;
        this.wan = wan;
        this.datacenter = datacenter;
    }

    /** @param interval from one look to the next where nothing happens */
    static Behavior<Command> create(Pool lan, Pool wan, String datacenter, Duration interval) {
        return Behaviors.setup(outer -> {
            // Once: a restart is told on.
            lan.subscribe(outer.messageAdapter(MemberEvent.class, Happened::new));
            return Behaviors.supervise(Behaviors.<Command>setup(context -> Behaviors.withTimers(timers -> {
                        timers.startTimerWithFixedDelay(new Look(false), interval);
                        return new FloodJoin(context, timers, lan, wan, datacenter).idle();
                    })))
                    .onFailure(SupervisorStrategy.restart());
        });
    }

    private Behavior<Command> idle() {
        return Behaviors.receive(Command.class)
                .onMessage(Look.class, this::look)
                .onMessage(Happened.class, happened -> isNews(happened.event) ? look(new Look(true)) : Behaviors.same())
                .onMessage(Joined.class, ofAnEarlierLife -> {
                    conclude(ofAnEarlierLife);
                    return Behaviors.same();
                })
                .build();
    }

    /** @param isNews whether somebody came meanwhile */
    private Behavior<Command> joining(boolean isNews) {
        return Behaviors.receive(Command.class)
                .onMessage(Happened.class, happened -> isNews(happened.event) ? joining(true) : Behaviors.same())
                .onMessage(Joined.class, joined -> {
                    conclude(joined);
                    return isNews ? look(new Look(true)) : idle();
                })
                .onMessage(Look.class, busy -> Behaviors.same())
                .build();
    }

    private void conclude(Joined joined) {
        for (JoinOutcome.Failure failure : joined.outcome.failures()) {
            context.getLog()
                    .debug(
                            "cannot join a server of this datacenter to the WAN: address={} error=\"{}\"",
                            failure.address(),
                            failure.reason());
        }
        if (joined.outcome.contacted() > 0) {
            context.getLog()
                    .info("joined servers of this datacenter to the WAN: number={}", joined.outcome.contacted());
        }
        if (!joined.outcome.failures().isEmpty() && joined.look.isNews) {
            timers.startSingleTimer(SOON, new Look(false), SOON);
        }
    }

    private Behavior<Command> look(Look look) {
        List<String> addresses = missing(
                lan.members(), wan.members(), datacenter, wan.self().address().port());
        if (addresses.isEmpty()) {
            return idle();
        }
        context.pipeToSelf(
                wan.join(addresses),
                (outcome, failure) -> new Joined(look, outcome == null ? new JoinOutcome(0, List.of()) : outcome));
        return joining(false);
    }

    private static boolean isNews(MemberEvent event) {
        return event.kind() == MemberEvent.Kind.JOINED || event.kind() == MemberEvent.Kind.UPDATED;
    }

    /**
     * Where the WAN pools of those servers are that are alive in the LAN pool and not known in the WAN pool.
     *
     * @param usualPort of real servers that do not tell theirs; one of sotto's that does not has none
     */
    static List<String> missing(List<Member> lan, List<Member> wan, String datacenter, int usualPort) {
        Set<String> known = wan.stream().map(Member::name).collect(Collectors.toSet());
        return lan.stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .filter(member -> "consul".equals(member.tags().get("role")))
                .filter(member -> !known.contains(member.name() + "." + datacenter))
                .flatMap(member ->
                        port(member.tags(), usualPort)
                                .flatMap(port -> member.address().withPort(port).socket())
                                .stream())
                .map(socket -> {
                    String host = socket.getAddress().getHostAddress();
                    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + socket.getPort();
                })
                .toList();
    }

    private static Optional<Integer> port(Map<String, String> tags, int usualPort) {
        String text = tags.getOrDefault(WanSettings.JOIN_PORT_TAG, "");
        if (text.isEmpty()) {
            return tags.containsKey(SottoQuery.TAG) ? Optional.empty() : Optional.of(usualPort);
        }
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= PORT_MAX
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }
}
