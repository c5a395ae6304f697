package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the initiator of a job has seen of it: who took it up, what they wrote, who has ended, and for how long it is worth
 * waiting on. Pure; used by one thread. Source: agent behaviour, section 8.
 */
public final class ExecProgress {
    private static final int EXIT_MAX_CHARS = 11;

    private final JobKeys keys;
    private final Duration wait;
    private final Set<String> seen = new HashSet<>();
    private Instant last;
    private int acks;
    private int exits;
    private int failures;

    /** Something that happened. */
    public sealed interface Event {
        /** The node will run it. */
        record Acknowledged(String node) implements Event {}

        /** It still runs there. */
        record Heartbeat(String node) implements Event {}

        /** It wrote something. */
        record Said(String node, Octets bytes) implements Event {}

        /** It has ended there. */
        record Finished(String node, int code) implements Event {}

        /** There is a key that nobody can make sense of. */
        record Strange(String reason) implements Event {}
    }

    /** @param wait for how long nothing may happen; twice as long while nodes that took the job have not ended it */
    public ExecProgress(JobKeys keys, Duration wait, Instant now) {
        this.keys = keys;
        this.wait = wait;
        this.last = now;
    }

    /** Those of {@code names} that are to be read, and were not before: of each node its output in order, then its end. */
    public List<String> unseen(List<String> names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            if (!seen.contains(name) && !(keys.read(name) instanceof JobKeys.Key.Job)) {
                found.add(name);
            }
        }
        found.sort(Comparator.comparingLong(this::rank));
        return found;
    }

    private long rank(String name) {
        JobKeys.Key key = keys.read(name);
        if (key instanceof JobKeys.Key.Output output) {
            return output.number();
        }
        return key instanceof JobKeys.Key.Exit ? Long.MAX_VALUE : -1;
    }

    /** Whether this key's value matters. */
    public boolean hasValue(String name) {
        JobKeys.Key key = keys.read(name);
        return key instanceof JobKeys.Key.Output || key instanceof JobKeys.Key.Exit;
    }

    /** Takes note of a key; {@code value} is empty where it does not matter. */
    public Event saw(String name, Octets value, Instant now) {
        seen.add(name);
        last = now;
        JobKeys.Key key = keys.read(name);
        if (key instanceof JobKeys.Key.Ack ack) {
            acks++;
            return new Event.Acknowledged(ack.node());
        }
        if (key instanceof JobKeys.Key.Output output) {
            return value.isEmpty() ? new Event.Heartbeat(output.node()) : new Event.Said(output.node(), value);
        }
        if (key instanceof JobKeys.Key.Exit exit) {
            return exited(exit.node(), name, value);
        }
        return new Event.Strange("Unknown key '" + ((JobKeys.Key.Unknown) key).name() + "', ignoring.");
    }

    private Event exited(String node, String name, Octets value) {
        String text = new String(value.toArray(), StandardCharsets.UTF_8);
        try {
            if (text.length() > EXIT_MAX_CHARS) {
                throw new NumberFormatException("too long");
            }
            int code = Integer.parseInt(text);
            exits++;
            failures += code == 0 ? 0 : 1;
            return new Event.Finished(node, code);
        } catch (NumberFormatException noNumber) {
            return new Event.Strange("Failed to parse exit code '"
                    + text.substring(0, Math.min(text.length(), EXIT_MAX_CHARS)) + "' of " + name);
        }
    }

    /** Until when to wait for the next thing to happen; empty if that has passed. */
    public Optional<Duration> patience(Instant now) {
        Duration whole = acks > exits ? wait.multipliedBy(2) : wait;
        Duration left = Duration.between(now, last.plus(whole));
        return left.isNegative() || left.isZero() ? Optional.empty() : Optional.of(left);
    }

    /** How many nodes took the job up. */
    public int acknowledged() {
        return acks;
    }

    /** How many have ended it. */
    public int completed() {
        return exits;
    }

    /** Whether it went well wherever it was taken up. */
    public boolean isGood() {
        return failures == 0 && exits >= acks;
    }
}
