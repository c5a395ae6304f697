package io.sotto.bench.rpc;

import com.typesafe.config.Config;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.util.Timeout;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;

/**
 * Pekko Artery over {@code tls-tcp}: two actor systems, and {@code ask} of an actor that answers what it gets. The message is
 * an array of bytes, for which Pekko's own serializer has nothing to do but copy; the keys come from a PKCS #12 store. What
 * hears the answer runs on the thread that brings it. Classic actors, since a typed {@code ask} would need a message with the
 * sender in it and so a serializer that does more. Source: ours.
 */
public final class ArteryEcho implements EchoSide {
    private static final Timeout PATIENCE = new Timeout(30, TimeUnit.SECONDS);
    private static final Duration START = Duration.ofSeconds(20);

    private final ActorSystem client;
    private final ActorSystem server;
    private final ActorRef echo;

    private ArteryEcho(ActorSystem client, ActorSystem server, ActorRef echo) {
        this.client = client;
        this.server = server;
        this.echo = echo;
    }

    /** Starts both systems and resolves the actor; {@code scratch} holds the key store for as long as that takes. */
    public static ArteryEcho start(EchoKeys keys, Path scratch) throws Exception {
        Files.createDirectories(scratch);
        Path store = Files.createTempFile(scratch, "artery", ".p12");
        String password = new BigInteger(128, new SecureRandom()).toString(36);
        try {
            keys.writeStore(store, password.toCharArray());
            Config config = config(store, password);
            ActorSystem server = ActorSystem.create("server", config);
            ActorSystem client = ActorSystem.create("client", config);
            server.actorOf(Props.create(Echo.class, Echo::new), "echo");
            String address = ((ExtendedActorSystem) server)
                    .provider()
                    .getDefaultAddress()
                    .toString();
            ActorRef echo = client.actorSelection(address + "/user/echo")
                    .resolveOne(START)
                    .toCompletableFuture()
                    .get(START.toSeconds(), TimeUnit.SECONDS);
            return new ArteryEcho(client, server, echo);
        } finally {
            Files.delete(store);
        }
    }

    private static Config config(Path store, String password) {
        String engine = "pekko.remote.artery.ssl.config-ssl-engine.";
        return QuietConfig.with(Map.ofEntries(
                Map.entry("pekko.actor.provider", "remote"),
                Map.entry("pekko.remote.warn-about-direct-use", false),
                Map.entry("pekko.remote.artery.transport", "tls-tcp"),
                Map.entry("pekko.remote.artery.canonical.hostname", "127.0.0.1"),
                Map.entry("pekko.remote.artery.canonical.port", 0),
                Map.entry(engine + "key-store", store.toString()),
                Map.entry(engine + "trust-store", store.toString()),
                Map.entry(engine + "key-store-password", password),
                Map.entry(engine + "key-password", password),
                Map.entry(engine + "trust-store-password", password),
                Map.entry(engine + "protocol", EchoKeys.PROTOCOL),
                Map.entry(engine + "enabled-algorithms", List.of(EchoKeys.SUITE)),
                Map.entry(engine + "require-mutual-authentication", true)));
    }

    @Override
    public String name() {
        return "Artery";
    }

    @Override
    public void call(byte[] payload, Answer answer) {
        Future<Object> future = Patterns.ask(echo, payload, PATIENCE);
        future.onComplete(
                end -> {
                    if (end.isSuccess() && end.get() instanceof byte[] bytes) {
                        answer.answered(bytes.length);
                    } else {
                        answer.failed(end.failed().get());
                    }
                    return null;
                },
                ExecutionContext.parasitic$.MODULE$);
    }

    @Override
    public void close() {
        client.terminate();
        server.terminate();
    }

    private static final class Echo extends AbstractActor {
        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(byte[].class, bytes -> getSender().tell(bytes, getSelf()))
                    .build();
        }
    }
}
