package io.sotto.rpc.link;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Runs links: where they begin, and once they are established on the dispatcher of those. Any thread. */
final class LinkRunner {
    private final Materializer materializer;
    private final String beginnings;
    private final String links;

    /**
     * @param beginnings the dispatcher on which links begin
     * @param links the one on which they go on
     */
    LinkRunner(ActorSystem<?> system, String beginnings, String links) {
        this.materializer = SystemMaterializer.get(system).materializer();
        this.beginnings = beginnings;
        this.links = links;
    }

    /** Runs a link from its beginning; if that cannot be, its socket is closed, and this throws why. */
    void run(LinkStage.Parts parts) {
        try {
            run(LinkStage.beginning(parts, established -> run(established, links)), beginnings);
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
