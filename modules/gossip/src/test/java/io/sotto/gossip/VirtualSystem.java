package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.LoggerFactory;

/**
 * An actor system whose time a test moves by hand and whose work is all done when {@link #settle} returns.
 *
 * <p>Closing it fails the test if an actor left a message unhandled, or if sotto logged a warning or an error that the test
 * did not announce with {@link #expectWarning}.
 */
public final class VirtualSystem implements AutoCloseable {
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<String> tolerated = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new Warnings();
    private final ActorTestKit kit;
    private final VirtualScheduler scheduler;
    private final Recorder<UnhandledMessage> unhandled;

    public VirtualSystem() throws InterruptedException {
        this.kit = ActorTestKit.create("virtual", config());
        this.scheduler = (VirtualScheduler) Adapter.toClassic(kit.system()).scheduler();
        this.unhandled = recorder();
        kit.system().eventStream().tell(new EventStream.Subscribe<>(UnhandledMessage.class, unhandled.ref()));
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
        return kit.system();
    }

    public PoolTime time() {
        return scheduler;
    }

    public <T> ActorRef<T> spawn(Behavior<T> behavior) throws InterruptedException {
        ActorRef<T> ref = kit.spawn(behavior);
        settle();
        return ref;
    }

    /** An actor that remembers what it is told. */
    public <T> Recorder<T> recorder() {
        List<T> all = new CopyOnWriteArrayList<>();
        ActorRef<T> ref = kit.spawn(Behaviors.receiveMessage(message -> {
            all.add(message);
            return Behaviors.same();
        }));
        return new Recorder<>(ref, all);
    }

    public void stop(ActorRef<?> ref) throws InterruptedException {
        kit.stop(ref);
        settle();
    }

    /** Tells, and returns when all that follows from it has happened. */
    public <T> void tell(ActorRef<T> ref, T message) throws InterruptedException {
        ref.tell(message);
        settle();
    }

    public void settle() throws InterruptedException {
        OneThread.awaitIdle();
    }

    /** Lets time pass; what is due at one moment has happened, with all that follows, before the next. */
    public void pass(Duration duration) throws InterruptedException {
        Duration left = duration;
        Optional<Duration> passed = scheduler.runNext(left);
        while (passed.isPresent()) {
            settle();
            left = left.minus(passed.get());
            passed = scheduler.runNext(left);
        }
        scheduler.advance(left);
    }

    /** Lets time pass until {@code condition} holds, and fails when it does not within {@code most}. Returns how long. */
    public Duration passUntil(String what, BooleanSupplier condition, Duration most) throws InterruptedException {
        Duration left = most;
        while (!condition.getAsBoolean()) {
            Optional<Duration> passed = scheduler.runNext(left);
            assertThat(passed)
                    .as("something that happens within %s, before %s", most, what)
                    .isPresent();
            settle();
            left = left.minus(passed.orElseThrow());
        }
        return most.minus(left);
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
        kit.shutdownTestKit();
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

    private static Config config() {
        String oneThread = "{ type = Dispatcher, executor = \"" + OneThread.class.getName() + "\", throughput = 1 }";
        return ConfigFactory.parseString("pekko.scheduler.implementation = \"" + VirtualScheduler.class.getName() + "\""
                        + ", pekko.actor {"
                        + "default-dispatcher = " + oneThread
                        + ", internal-dispatcher = " + oneThread
                        + ", default-blocking-io-dispatcher = " + oneThread
                        + "}, pekko.log-dead-letters = off, pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load());
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
