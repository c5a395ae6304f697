package io.sotto.rpc.link;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The world that links live in: everything that a simulation replaces.
 *
 * @param sockets where they come from
 * @param threads where links run
 * @param nanos a clock that only advances
 */
public record LinkEnvironment(LinkSockets sockets, Threads threads, LongSupplier nanos) {
    private static final Threads OF_LOOPS =
            new Threads("sotto.rpc.dial-dispatcher", "sotto.rpc.handshake-dispatcher", "sotto.rpc.link-dispatcher");

    /**
     * The ids of dispatchers, which may all be one.
     *
     * @param dials where what we began is brought as far as to take calls
     * @param handshakes where what others began is brought as far as to be served
     * @param links where calls are made and answered
     */
    public record Threads(String dials, String handshakes, String links) {}

    /** The machine's sockets, each on the thread that waits for it, and the machine's clock. */
    public static LinkEnvironment machine(ActorSystem<?> system) {
        return new LinkEnvironment(new MachineSockets(system), OF_LOOPS, System::nanoTime);
    }
}
