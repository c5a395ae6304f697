package io.sotto.rpc.link;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Runs links: where they begin, and once they are established on the dispatcher of those. Any thread. */
final class LinkRunner {
    /** Where others are accepted; nothing else is done there, so that no handshake holds up the next who comes. */
    static final String ACCEPTS = "sotto.rpc.accept-dispatcher";
    /** Where what others began is brought as far as to be served. */
    static final String HANDSHAKES = "sotto.rpc.handshake-dispatcher";
    /** Where what we began is brought as far as to take calls. */
    static final String DIALS = "sotto.rpc.dial-dispatcher";
    /** Where calls are made and answered. */
    private static final String LINKS = "sotto.rpc.link-dispatcher";

    private final Materializer materializer;
    private final String beginnings;

    /** @param beginnings the dispatcher on which links begin */
    LinkRunner(ActorSystem<?> system, String beginnings) {
        this.materializer = SystemMaterializer.get(system).materializer();
        this.beginnings = beginnings;
    }

    /** Runs a link from its beginning; if that cannot be, its socket is closed, and this throws why. */
    void run(LinkStage.Parts parts) {
        try {
            run(LinkStage.beginning(parts, established -> run(established, LINKS)), beginnings);
        } catch (RuntimeException e) {
            parts.socket().close();
            throw e;
        }
    }

    private void run(LinkStage stage, String dispatcher) {
        // On the whole graph: on the source alone the sink would be an actor of its own, on another thread.
        Source.fromGraph(stage)
                .to(Sink.ignore())
                .addAttributes(ActorAttributes.dispatcher(dispatcher))
                .run(materializer);
    }
}
