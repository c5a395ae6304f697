package io.sotto.interop;

import io.sotto.cluster.AskedQuery;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A whole agent inside this JVM, with an application beside it that answers the query {@code load}, as embedders do: agents
 * of their own answer nothing.
 */
final class AnsweringAgent implements PoolNode {
    private final EmbeddedAgent agent;
    private final List<String> queries = Collections.synchronizedList(new ArrayList<>());
    private Optional<ActorSystem<AskedQuery>> application = Optional.empty();

    AnsweringAgent(String name, Site site) {
        Path directory = NodeFiles.directory("answering " + name);
        Path settings = NodeFiles.write(directory.resolve("agent.conf"), "sotto.profile = serf\n");
        this.agent = new EmbeddedAgent(name, site, directory, settings);
    }

    /** The payloads of the queries named {@code load} that reached the application, in order. */
    List<String> queries() {
        return List.copyOf(queries);
    }

    HttpApi api() {
        return agent.api();
    }

    /** Runs a verb against this agent. */
    Command verb(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-http-addr", api().address()));
        words.addAll(List.of(arguments));
        return Command.run(SottoProgram.verb(verb, words.toArray(String[]::new)));
    }

    @Override
    public String name() {
        return agent.name();
    }

    @Override
    public Site site() {
        return agent.site();
    }

    @Override
    public void start(List<String> seeds) {
        agent.start(List.of());
        application = Optional.of(ActorSystem.create(application(), "application"));
        agent.pool().answerQueries(application.get());
        agent.join(seeds);
    }

    private Behavior<AskedQuery> application() {
        return Behaviors.receiveMessage(query -> {
            if (query.name().equals("load")) {
                queries.add(new String(query.payload().toArray(), StandardCharsets.UTF_8));
                query.answer(Octets.utf8("load of " + agent.name()));
            }
            return Behaviors.same();
        });
    }

    @Override
    public boolean isRunning() {
        return agent.isRunning();
    }

    @Override
    public Optional<NodeProcess> process() {
        return agent.process();
    }

    @Override
    public Path logFile() {
        return agent.logFile();
    }

    @Override
    public Set<MemberLine> members() {
        return agent.members();
    }

    @Override
    public void leave() {
        agent.leave();
        application.ifPresent(ActorSystem::terminate);
    }

    @Override
    public void kill() {
        agent.kill();
        application.ifPresent(ActorSystem::terminate);
    }
}
