package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigFactory;
import io.sotto.virtualtime.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.slf4j.LoggerFactory;

/**
 * A {@link VirtualTime} with the clocks of a pool, which watches what its actors leave unhandled and what sotto logs.
 *
 * <p>Closing it fails the test if an actor left a message unhandled, or if sotto logged a warning or an error that the test
 * did not announce with {@link #expectWarning}.
 */
public final class VirtualSystem implements AutoCloseable {
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<String> tolerated = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new Warnings();
    private final VirtualTime virtual = VirtualTime.create(
            "virtual", ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
    private final ActorTestKit kit = virtual.call(() -> ActorTestKit.create(virtual.system()));
    private final PoolTime time = new VirtualClock(virtual);
    private final Recorder<UnhandledMessage> unhandled = recorder();

    public VirtualSystem() {
        system().eventStream().tell(new EventStream.Subscribe<>(UnhandledMessage.class, unhandled.ref()));
        appender.start();
        logger().addAppender(appender);
        settle();
    }

    /** What a recorder has been told, in order. */
    public record Recorder<T>(ActorRef<T> ref, List<T> all) {
        /** All that was told since the last call. */
        public List<T> take() {
            List<T> taken = List.copyOf(all);
            all.clear();
            return taken;
        }
    }

    public ActorSystem<Void> system() {
        return virtual.system();
    }

    public PoolTime time() {
        return time;
    }

    public <T> ActorRef<T> spawn(Behavior<T> behavior) {
        ActorRef<T> ref = virtual.call(() -> kit.spawn(behavior));
        settle();
        return ref;
    }

    /** An actor that remembers what it is told. */
    public <T> Recorder<T> recorder() {
        io.sotto.virtualtime.Recorder<T> recorder = virtual.recorder();
        return new Recorder<>(recorder.ref(), recorder.all());
    }

    public void stop(ActorRef<?> ref) {
        virtual.stop(ref);
        settle();
    }

    /** Tells, and returns when all that follows from it has happened. */
    public <T> void tell(ActorRef<T> ref, T message) {
        ref.tell(message);
        settle();
    }

    public void settle() {
        virtual.settle();
    }

    /** Lets time pass; what is due at one moment has happened, with all that follows, before the next. */
    public void pass(Duration duration) {
        virtual.run(duration);
    }

    /** Lets time pass until {@code condition} holds, and fails when it does not within {@code most}. Returns how long. */
    public Duration passUntil(String what, BooleanSupplier condition, Duration most) {
        return virtual.runUntil(what, condition, most);
    }

    /** How many mailboxes, timers and futures have run. */
    public long tasks() {
        return virtual.tasks();
    }

    /** There will be warnings or errors that contain {@code part}; they do not fail the test, but their absence does. */
    public void expectWarning(String part) {
        expected.add(part);
    }

    /** There may be warnings or errors that contain {@code part}, or none. */
    public void tolerateWarning(String part) {
        tolerated.add(part);
    }

    /** The warnings and errors so far. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void close() {
        virtual.close();
        logger().detachAppender(appender);
        assertThat(unhandled.all()).as("unhandled messages").isEmpty();
        assertThat(warnings)
                .as("unexpected warnings")
                .allMatch(line ->
                        Stream.concat(expected.stream(), tolerated.stream()).anyMatch(line::contains));
        assertThat(expected)
                .as("announced warnings, in %s", warnings)
                .allMatch(part -> warnings.stream().anyMatch(line -> line.contains(part)));
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.sotto");
    }

    /** Dates that begin in 2030 and advance with virtual time. */
    private record VirtualClock(VirtualTime virtual) implements PoolTime {
        private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

        @Override
        public long nanos() {
            return virtual.nanos();
        }

        @Override
        public Instant wall() {
            return now();
        }

        @Override
        public Instant now() {
            return START.plusNanos(virtual.nanos());
        }
    }

    private final class Warnings extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                warnings.add(event.getFormattedMessage());
            }
        }
    }
}
