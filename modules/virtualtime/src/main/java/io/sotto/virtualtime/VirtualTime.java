package io.sotto.virtualtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.dispatch.DispatcherConfigurator;
import org.apache.pekko.dispatch.Dispatchers;
import scala.concurrent.BlockContext;

/**
 * A Pekko actor system in virtual time: its actors and stages run on the thread that calls this object, in an order that is
 * the same each time, and nothing runs between the calls. Hours pass in moments, since nobody waits for a clock.
 *
 * <pre>{@code
 * try (VirtualTime virtual = VirtualTime.create("shop")) {
 *     ActorRef<Till.Command> till = virtual.spawn(Till.create(), "till");
 *     till.tell(new Till.Open(...));
 *     virtual.run(Duration.ofHours(8));
 * }
 * }</pre>
 *
 * <p>Every dispatcher of the configuration is pumped, blocking ones included; sockets do not work. Work that another thread
 * hands in, say the completion of a {@link CompletableFuture} from the JVM's common pool, is done, but makes a run
 * unrepeatable: {@link #stranger} names the first. One thread at a time may use this object; there is no static state, so
 * many may be used side by side, each by a thread of its own.
 */
public final class VirtualTime implements AutoCloseable {
    private static final Duration TERMINATION = Duration.ofMinutes(2);

    private final VirtualSetup blocking;
    private final Pump pump;
    private final VirtualScheduler scheduler;
    private final ActorSystem<Void> system;
    private final List<Runnable> onMoment = new ArrayList<>();
    private long spawned;
    private boolean isRunning;

    private VirtualTime(String name, Config config) {
        this.blocking = new VirtualSetup();
        ClassLoader loader = VirtualTime.class.getClassLoader();
        BootstrapSetup bootstrap =
                BootstrapSetup.create(VirtualConfig.of(config)).withClassloader(loader);
        this.system = BlockContext.withBlockContext(
                blocking,
                () -> ActorSystem.create(Behaviors.empty(), name, ActorSystemSetup.create(bootstrap, blocking)));
        this.pump = blocking.pump();
        this.scheduler = pump.scheduler();
        settle();
    }

    /** A system of this name under the configuration that {@code application.conf} and {@code reference.conf} make. */
    public static VirtualTime create(String name) {
        return create(name, ConfigFactory.load(VirtualTime.class.getClassLoader()));
    }

    /** A system under {@code config}, whose scheduler and dispatchers are replaced. */
    public static VirtualTime create(String name, Config config) {
        return new VirtualTime(name, config);
    }

    public ActorSystem<Void> system() {
        return system;
    }

    /** How much time has passed since the system was made. */
    public Duration now() {
        return Duration.ofNanos(scheduler.nanos());
    }

    /** The same in nanoseconds. */
    public long nanos() {
        return scheduler.nanos();
    }

    /** A part of the system that can be paused; spawn its actors with {@link Lane#dispatcher}. */
    public Lane lane(String name) {
        Dispatchers dispatchers = Adapter.toClassic(system).dispatchers();
        String id = "virtual-lane." + name;
        if (dispatchers.hasDispatcher(id)) {
            throw new IllegalArgumentException("there is a lane " + name + " already");
        }
        // Before its dispatcher, which looks for it at once.
        Lane lane = pump.newLane(id);
        dispatchers.registerConfigurator(
                id,
                new DispatcherConfigurator(
                        VirtualConfig.lane(id, dispatchers.defaultDispatcherConfig()), dispatchers.prerequisites()));
        return lane;
    }

    /** Starts an actor. */
    public <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        return spawn(behavior, name, Props.empty());
    }

    /** Starts an actor that is part of {@code lane}. */
    public <T> ActorRef<T> spawn(Behavior<T> behavior, String name, Lane lane) {
        return spawn(behavior, name, DispatcherSelector.fromConfig(lane.dispatcher()));
    }

    private <T> ActorRef<T> spawn(Behavior<T> behavior, String name, Props props) {
        pump.own();
        return system.systemActorOf(behavior, name, props);
    }

    /** An actor that remembers what it is told. */
    public <T> Recorder<T> recorder() {
        List<T> all = new ArrayList<>();
        Behavior<T> remembers = Behaviors.receiveMessage(message -> {
            all.add(message);
            return Behaviors.same();
        });
        return new Recorder<>(spawn(remembers, "recorder-" + ++spawned), all);
    }

    /** Stops an actor. */
    public void stop(ActorRef<?> ref) {
        pump.own();
        Adapter.toClassic(system).stop(Adapter.toClassic(ref));
    }

    /** Lets all happen that can happen now. From within the system it does nothing: it will happen anyway. */
    public void settle() {
        pump.own();
        if (!isRunning) {
            pump.settle();
        }
    }

    /** Runs {@code task} in {@code delay} from now, outside any lane. */
    public void after(Duration delay, Runnable task) {
        after(delay.toNanos(), task);
    }

    /** The same, with nanoseconds. */
    public void after(long delayNanos, Runnable task) {
        scheduler.add(pump.free(), delayNanos, task);
    }

    /**
     * Lets time pass. What is due at one moment has happened, with all that follows from it, before the next moment.
     *
     * @throws IllegalStateException when called from within the system, say by an actor
     */
    public void run(Duration duration) {
        run(scheduler.nanos() + duration.toNanos(), () -> false);
    }

    /**
     * Lets time pass until {@code condition} holds; it is looked at after every moment.
     *
     * @param what names the condition, for the error
     * @return how long it took
     * @throws AssertionError when it does not hold within {@code most}
     */
    public Duration runUntil(String what, BooleanSupplier condition, Duration most) {
        long start = scheduler.nanos();
        if (!run(start + most.toNanos(), condition)) {
            throw new AssertionError("waited " + most + " in vain for " + what);
        }
        return Duration.ofNanos(scheduler.nanos() - start);
    }

    /** Lets time pass until {@code stage} is complete, and gives its result. */
    public <T> T await(CompletionStage<T> stage, Duration most) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        runUntil("the completion of a stage", future::isDone, most);
        return future.join();
    }

    /**
     * Runs code that waits for Scala futures on this thread, such as {@code ActorTestKit.spawn}: instead of blocking, all
     * that can happen now happens.
     */
    public <T> T call(Supplier<T> code) {
        pump.own();
        return BlockContext.withBlockContext(blocking, code::get);
    }

    /** {@code listener} runs after each moment, when all that was due in it has happened. */
    public void onMoment(Runnable listener) {
        onMoment.add(listener);
    }

    /** Tasks run so far: runs of mailboxes, timers and futures. */
    public long tasks() {
        return pump.done();
    }

    /**
     * The first other thread that handed in work, and what it was doing; empty when none has, as it should be. A message to
     * an actor that has others waiting goes unnoticed.
     */
    public String stranger() {
        return pump.stranger();
    }

    private boolean run(long endNanos, BooleanSupplier condition) {
        if (isRunning) {
            throw new IllegalStateException("time is passing already: only one may let it pass, and no actor");
        }
        pump.own();
        isRunning = true;
        try {
            moment(scheduler.nanos());
            if (condition.getAsBoolean()) {
                return true;
            }
            for (long due = scheduler.nextDue(); due <= endNanos; due = scheduler.nextDue()) {
                moment(due);
                if (condition.getAsBoolean()) {
                    return true;
                }
            }
            scheduler.moveTo(Math.max(endNanos, scheduler.nanos()));
            return false;
        } finally {
            isRunning = false;
        }
    }

    private void moment(long due) {
        scheduler.moveTo(Math.max(due, scheduler.nanos()));
        do {
            do {
                scheduler.releaseDue();
                pump.settle();
            } while (scheduler.nextDue() <= scheduler.nanos());
            tellListeners();
            // A listener may have caused more.
        } while (pump.isReady() || scheduler.nextDue() <= scheduler.nanos());
    }

    private void tellListeners() {
        for (int i = 0; i < onMoment.size(); i++) {
            onMoment.get(i).run();
        }
    }

    /** Ends the system and all its actors, those of paused lanes too. */
    @Override
    public void close() {
        pump.own();
        pump.resumeAll();
        system.terminate();
        await(system.getWhenTerminated(), TERMINATION);
    }
}
