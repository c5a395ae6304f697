package io.sotto.example;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Sotto;
import io.sotto.membership.rotation.RotationMachine.Beginning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** One node in production: an actor system, sotto inside it, and a {@link Gate}. */
final class GateNode {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final ActorSystem<Gate.Command> system;
    private final Sotto sotto;

    private GateNode(String name, ActorSystem<Gate.Command> system, Sotto sotto) {
        this.name = name;
        this.system = system;
        this.sotto = sotto;
    }

    /**
     * Starts one.
     *
     * @param life what tells this start of the gate from those before
     */
    static GateNode start(String name, Papers papers, String life) {
        Config who = ConfigFactory.parseMap(
                Map.of("museum.gate", name, "museum.papers", papers.folder().toString()));
        Config config = ConfigFactory.load(who.withFallback(ConfigFactory.parseResources("application.conf")));
        ActorSystem<Gate.Command> system = ActorSystem.create(
                Behaviors.setup(context -> {
                    Sotto sotto = Sotto.get(context.getSystem());
                    return Gate.create(sotto.lan(), sotto.rpc(), life);
                }),
                "museum",
                config);
        return new GateNode(name, system, Sotto.get(system));
    }

    String name() {
        return name;
    }

    /** Completes with the address that others can join. */
    CompletionStage<String> started() {
        return sotto.lan()
                .started()
                .thenApply(self -> "127.0.0.1:" + self.address().port());
    }

    void join(String address) {
        sotto.lan().join(List.of(address));
    }

    /** How many gates it sees, itself among them. */
    int gates() {
        return sotto.lan().members().size();
    }

    void enter(int visitors) {
        system.tell(new Gate.Enter(visitors));
    }

    CompletionStage<Tally> tally() {
        return AskPattern.ask(system, Gate.Read::new, PATIENCE, system.scheduler());
    }

    /** Replaces the gossip key of all gates; {@code step} is told how far it is. */
    CompletionStage<Done> rotateKey(Consumer<String> step) {
        return sotto.lan()
                .clusterKeyring()
                .rotate(Beginning.SETTLED)
                .runForeach(
                        progress -> step.accept(progress.outcome()
                                        .map(Enum::name)
                                        .orElse(progress.phase().name())
                                + progress.newKey().map(key -> " " + key).orElse("")),
                        system);
    }

    /** Leaves the pool, so that the others list it as left, and ends. */
    CompletionStage<Done> end() {
        system.terminate();
        return system.getWhenTerminated();
    }
}
