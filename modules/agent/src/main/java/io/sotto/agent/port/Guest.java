package io.sotto.agent.port;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.stream.UniqueKillSwitch;

/** One connection to the HTTP API, from when it is let in until it is gone. Safe to use from any thread. */
final class Guest {
    private final Guests guests;
    private final HttpPort port;
    private final InetAddress address;
    private final AtomicInteger pending = new AtomicInteger();
    private final CompletableFuture<Switches> switches = new CompletableFuture<>();
    private final CompletableFuture<Done> gone = new CompletableFuture<>();
    private volatile Optional<CompletableFuture<Done>> asking = Optional.empty();
    private volatile boolean hasHungUp;
    private volatile boolean shookHands;

    /**
     * How to end it.
     *
     * @param requests takes no further request; what is being answered is answered
     * @param network ends it at once
     */
    record Switches(UniqueKillSwitch requests, UniqueKillSwitch network) {}

    Guest(Guests guests, HttpPort port, InetAddress address) {
        this.guests = guests;
        this.port = port;
        this.address = address;
    }

    InetAddress address() {
        return address;
    }

    HttpPort port() {
        return port;
    }

    void runs(Switches how) {
        switches.complete(how);
    }

    /** Completes if it hangs up before this request is answered; each request has its own, so that none keeps what waited for it. */
    CompletionStage<Done> asks() {
        pending.incrementAndGet();
        CompletableFuture<Done> hungUp = new CompletableFuture<>();
        asking = Optional.of(hungUp);
        if (hasHungUp) {
            hungUp.complete(Done.getInstance());
        }
        return hungUp;
    }

    /** It sends no more, as one does that has gone: nothing of it arrives any more. */
    void hangsUp() {
        hasHungUp = true;
        asking.ifPresent(hungUp -> hungUp.complete(Done.getInstance()));
    }

    void isAnswered() {
        pending.decrementAndGet();
        asking = Optional.empty();
    }

    /** Whether a request of it is being answered. */
    boolean waits() {
        return pending.get() > 0;
    }

    void shakeHands() {
        shookHands = true;
    }

    boolean hasShakenHands() {
        return shookHands;
    }

    void drain() {
        onceThere(how -> how.requests().shutdown());
    }

    void end() {
        onceThere(how -> how.network().shutdown());
    }

    private void onceThere(Consumer<Switches> order) {
        CompletionStage<Switches> there = switches;
        there.thenAccept(order);
    }

    /** It is no more. */
    void leave() {
        hangsUp();
        guests.leave(this);
        gone.complete(Done.getInstance());
    }

    CompletableFuture<Done> gone() {
        return gone;
    }
}
