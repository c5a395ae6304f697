package io.sotto.agent.exec;

import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.wire.message.ConsulEvent;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands of others here, if that is allowed, each in a {@link RemoteJob}. A job that fails ends alone; the others and
 * this go on. A session is served once: an event that comes again runs nothing again. Source: agent behaviour, section 8.
 */
public final class RemoteExec {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final int REMEMBERED_MAX = 256;

    /** What it hears. */
    public sealed interface Command {}

    /** An event of the name {@link ExecEvent#NAME} that is meant for this node. */
    public record Asked(ConsulEvent event) implements Command {}

    private enum Ended implements Command {
        INSTANCE
    }

    private final ActorContext<Command> context;
    private final ExecHost host;

    private RemoteExec(ActorContext<Command> context, ExecHost host) {
        this.context = context;
        this.host = host;
    }

    /**
     * Serves one node.
     *
     * @param node its name
     * @param consul calls the servers, with this agent's own token
     * @param directory where commands begin
     * @param environment of this process; commands are told little of it
     */
    public static Behavior<Command> create(
            ExecSettings settings,
            String node,
            ConsulRpc consul,
            Path directory,
            Map<String, String> environment,
            ExecCounts counts,
            InstantSource clock) {
        return Behaviors.setup(context -> over(new ExecHost(
                node,
                consul,
                ProcessTree.starter(directory, environment),
                context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()),
                settings,
                counts,
                clock)));
    }

    static Behavior<Command> over(ExecHost host) {
        return Behaviors.setup(context -> new RemoteExec(context, host).serving(new State(0, List.of())));
    }

    /**
     * What is going on.
     *
     * @param running how many jobs
     * @param sessions that were served, the latest last
     */
    private record State(int running, List<String> sessions) {
        State with(String session) {
            List<String> more = new ArrayList<>(sessions);
            if (more.size() == REMEMBERED_MAX) {
                more.remove(0);
            }
            more.add(session);
            return new State(running + 1, List.copyOf(more));
        }

        State without() {
            return new State(running - 1, sessions);
        }
    }

    private Behavior<Command> serving(State state) {
        return Behaviors.receive(Command.class)
                .onMessage(Asked.class, asked -> asked(asked.event, state))
                .onMessage(Ended.class, ended -> serving(state.without()))
                .build();
    }

    private Behavior<Command> asked(ConsulEvent asked, State state) {
        if (!host.settings().enabled()) {
            host.counts().count(ExecCounts.Outcome.REFUSED);
            LOG.info(
                    "ignoring remote exec event, disabled.: event_name={} event_id={}",
                    asked.name(),
                    ExecEvent.shown(asked.id()));
            return Behaviors.same();
        }
        Optional<ExecEvent> event = ExecEvent.decode(asked.payload());
        if (event.isEmpty()) {
            host.counts().count(ExecCounts.Outcome.FAILED);
            LOG.error("failed to decode remote exec event: event_id={}", ExecEvent.shown(asked.id()));
            return Behaviors.same();
        }
        String session = event.get().session();
        if (state.sessions.contains(session)) {
            host.counts().count(ExecCounts.Outcome.REFUSED);
            LOG.warn("ignoring remote exec event, it came before: event_id={}", ExecEvent.shown(asked.id()));
            return Behaviors.same();
        }
        if (state.running >= host.settings().jobsMax()) {
            host.counts().count(ExecCounts.Outcome.REFUSED);
            LOG.warn(
                    "ignoring remote exec event, {} run already: event_id={} setting=remote-exec.jobs-max",
                    state.running,
                    ExecEvent.shown(asked.id()));
            return Behaviors.same();
        }
        // Not restarted: what ran half is not run again.
        context.watchWith(
                context.spawnAnonymous(RemoteJob.create(host, ExecEvent.shown(asked.id()), event.get())),
                Ended.INSTANCE);
        return serving(state.with(session));
    }
}
