package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRules;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Members of one pool on this machine, each in an actor system of its own, that can be killed and started again. */
final class UpshiftWorld implements AutoCloseable {
    /** As always, but that nobody has to be quiet for a minute. */
    static final UpshiftRules QUICK = new UpshiftRules(
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofMillis(200),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            4);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final CertificateAuthority authority = CertificateAuthority.create(new SecureRandom(), Instant.now());
    private final Path directory;
    private final Map<String, ActorTestKit> kits = new LinkedHashMap<>();
    private final Map<String, Sotto> members = new LinkedHashMap<>();
    private final Map<String, Config> sections = new LinkedHashMap<>();

    UpshiftWorld(Path directory) {
        this.directory = directory;
    }

    /** A member with a certificate that is bound to its name, and that of a server. */
    Sotto start(String name) {
        return start(name, "");
    }

    Sotto start(String name, String more) {
        return start(
                name,
                more,
                CertificateRequest.server("dc1", "consul").with(List.of(name + ".node.dc1.consul"), List.of()));
    }

    Sotto start(String name, String more, CertificateRequest request) {
        Config section = sections.computeIfAbsent(
                name, none -> ConfigFactory.parseString(more).withFallback(section(name, request)));
        ActorTestKit kit = ActorTestKit.create("upshift-" + name, ConfigFactory.load());
        kits.put(name, kit);
        Sotto sotto = Sotto.create(kit.system(), section, QUICK);
        members.put(name, sotto);
        await(sotto.started());
        await(sotto.rpc().started());
        Config kept = section.withValue(
                "ports.serf-lan",
                ConfigValueFactory.fromAnyRef(sotto.self().address().port()));
        sections.put(name, kept);
        return sotto;
    }

    private Config section(String name, CertificateRequest request) {
        Path data = directory.resolve(name);
        return ConfigFactory.parseString("node-name = " + name
                        + ", leave-on-shutdown = off, bind-addr = \"127.0.0.1\", ports.serf-lan = 0, rpc { enabled = on, port = 0 }\n"
                        + "tls.watch-interval = 0s, gossip-lan.probe-interval = 200ms, gossip-lan.probe-timeout = 100ms\n"
                        + "gossip-lan.gossip-interval = 50ms, data-dir = \"" + data + "\"")
                .withFallback(certificates(name, request))
                .withFallback(ConfigFactory.load().getConfig("sotto"));
    }

    Config certificates(String name, CertificateRequest request) {
        try {
            Path tls = Files.createDirectories(directory.resolve("tls-" + name));
            IssuedCertificate own = authority.issue(request, new SecureRandom(), Instant.now());
            Path ca = write(tls.resolve("ca.pem"), authority.source().bytes());
            Path certificate =
                    write(tls.resolve("cert.pem"), own.certificateSource().bytes());
            Path key = write(tls.resolve("key.pem"), own.keySource().bytes());
            return ConfigFactory.parseString("tls { ca-file = \"" + ca + "\", cert-file = \"" + certificate
                    + "\", key-file = \"" + key + "\" }");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(Path path, byte[] content) throws IOException {
        Files.write(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }

    Sotto sotto(String name) {
        Sotto sotto = members.get(name);
        if (sotto == null) {
            throw new IllegalArgumentException(name);
        }
        return sotto;
    }

    Config said(String name) {
        return Objects.requireNonNull(sections.get(name));
    }

    /** All know all, and where to call them. */
    void together() {
        List<Sotto> all = List.copyOf(members.values());
        String first = all.get(0).self().address().toString();
        all.subList(1, all.size()).forEach(other -> await(other.join(List.of(first))));
        until(() -> all.stream()
                .allMatch(sotto -> sotto.members().stream()
                                .filter(member -> member.status() == Member.Status.ALIVE)
                                .filter(member -> member.tags().containsKey(RpcPeers.PORT_TAG))
                                .count()
                        == all.size()));
    }

    /** Runs it to its end; what was told meanwhile, the last of it last. */
    List<UpshiftProgress> run(String name, UpshiftKind kind) {
        return await(sotto(name)
                .upshift()
                .run(UpshiftRequest.of(kind))
                .runWith(Sink.seq(), kit(name).system()));
    }

    void until(java.util.function.BooleanSupplier condition) {
        ActorTestKit kit = kits.values().iterator().next();
        await(Source.tick(Duration.ZERO, Duration.ofMillis(20), "look")
                .takeWhile(tick -> !condition.getAsBoolean())
                .runWith(Sink.ignore(), kit.system()));
    }

    ActorTestKit kit(String name) {
        ActorTestKit kit = kits.get(name);
        if (kit == null) {
            throw new IllegalArgumentException(name);
        }
        return kit;
    }

    /** Ends it without a leave. */
    void stop(String name) {
        kit(name).shutdownTestKit();
        kits.remove(name);
        members.remove(name);
    }

    /** What a file of a member's data directory holds; empty if it is not there. */
    String file(String name, String path) {
        try {
            Path file = directory.resolve(name).resolve(path);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        new ArrayList<>(kits.values()).forEach(ActorTestKit::shutdownTestKit);
    }
}
