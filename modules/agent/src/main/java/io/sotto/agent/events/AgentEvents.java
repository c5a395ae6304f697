package io.sotto.agent.events;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sotto.cluster.EventOutcome;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Profile;
import io.sotto.cluster.UserEvent;
import io.sotto.wire.message.ConsulEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/**
 * The user events of this agent. In a Consul datacenter they are Consul's: named {@code consul:event:…}, with filters that
 * each receiver applies to itself; in a plain Serf cluster they travel under their own name. Keeps the last
 * {@value #KEPT} that were meant for this node. Safe from any thread. Source: gossip specification, section 19.1; agent
 * behaviour, section 7.
 */
public final class AgentEvents {
    static final int KEPT = 256;

    /** What agents tell each other to run commands; no event of an operator's. */
    private static final String COMMANDS = "_rexec";

    private final Pool pool;
    private final Profile profile;
    private final String node;
    private final Consumer<ConsulEvent> commands;
    private final Deque<Received> last = new ArrayDeque<>();
    private final Map<Object, CompletableFuture<Done>> waiters = new LinkedHashMap<>();

    /**
     * An event that reached this node.
     *
     * @param ltime its Lamport time
     * @param event in Consul's form; without an id and filters if it came in Serf's
     */
    public record Received(long ltime, ConsulEvent event) {}

    private AgentEvents(Pool pool, Profile profile, String node, Consumer<ConsulEvent> commands) {
        this.pool = pool;
        this.profile = profile;
        this.node = node;
        this.commands = commands;
    }

    /**
     * For a node of this name; call {@link #received} with what the pool delivers.
     *
     * @param commands is given the events by which agents tell this node to run something
     */
    public static AgentEvents create(Pool pool, Profile profile, String node, Consumer<ConsulEvent> commands) {
        return new AgentEvents(pool, profile, node, commands);
    }

    /** Whether events take Consul's form, with an id and with filters. */
    public boolean areConsuls() {
        return profile.belongsToDatacenter();
    }

    /**
     * Sends an event.
     *
     * @param coalesce whether of several of that name only the latest matters; Consul's events never say so
     */
    public CompletionStage<EventOutcome> fire(ConsulEvent event, boolean coalesce) {
        return areConsuls()
                ? pool.broadcast(event.serfName(), event.encode(), false)
                : pool.broadcast(event.name(), event.payload(), coalesce);
    }

    /** Takes what the pool delivered; what is meant for others, or is no event of an operator, is forgotten. */
    public void received(UserEvent event) {
        read(event).filter(this::isForUs).ifPresent(read -> {
            if (areConsuls() && read.name().startsWith(COMMANDS)) {
                if (read.name().equals(COMMANDS)) {
                    commands.accept(read);
                }
            } else {
                keep(new Received(event.ltime(), read));
            }
        });
    }

    /** The last events, the oldest first. */
    public synchronized List<Received> list() {
        return List.copyOf(last);
    }

    /**
     * Completes once there are other events than these, at once if there are. Whoever no longer waits should cancel it.
     *
     * @param seen what {@link #list} gave
     */
    public CompletableFuture<Done> after(List<Received> seen) {
        Object ticket = new Object();
        CompletableFuture<Done> waiting = new CompletableFuture<>();
        synchronized (this) {
            if (!last.isEmpty() && (seen.isEmpty() || !seen.get(seen.size() - 1).equals(last.getLast()))) {
                waiting.complete(Done.getInstance());
            } else {
                waiters.put(ticket, waiting);
            }
        }
        CompletionStage<Done> end = waiting;
        end.whenComplete((done, cancelled) -> forget(ticket));
        return waiting;
    }

    private synchronized void forget(Object ticket) {
        waiters.remove(ticket);
    }

    private void keep(Received received) {
        List<CompletableFuture<Done>> told;
        synchronized (this) {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(received);
            told = List.copyOf(waiters.values());
        }
        told.forEach(waiting -> waiting.complete(Done.getInstance()));
    }

    private Optional<ConsulEvent> read(UserEvent event) {
        if (!areConsuls()) {
            return Optional.of(new ConsulEvent("", event.name(), event.payload(), "", "", "", ConsulEvent.VERSION));
        }
        return ConsulEvent.isNamed(event.name()) ? ConsulEvent.decode(event.payload()) : Optional.empty();
    }

    /** A filter on services never matches: this agent has none. */
    private boolean isForUs(ConsulEvent event) {
        return event.serviceFilter().isEmpty() && event.tagFilter().isEmpty() && matches(event.nodeFilter());
    }

    private boolean matches(String nodeFilter) {
        try {
            return nodeFilter.isEmpty()
                    || Pattern.compile(nodeFilter).matcher(node).find();
        } catch (PatternSyntaxException unreadable) {
            return false;
        }
    }
}
