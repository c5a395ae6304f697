package io.sotto.agent.demo;

import io.sotto.agent.json.Json;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.cluster.UpshiftRequest;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.pekko.Done;

/**
 * A second pool of the demo, in plain text, that one command each takes to verified TLS and to encrypted gossip while the other
 * steps go on: plaintext is refused only once nobody has taken any in for a while. Used by the demo's thread only, but for the
 * progress that comes in.
 */
final class UpshiftScenes implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final Duration DAY = Duration.ofDays(1);
    /** Short, since nobody else is there; a minute is the default. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private static final String RED = "red";
    private static final List<String> NAMES = List.of(RED, "green", "blue");
    private static final String DATACENTER = "dc1";
    private static final String DOMAIN = "consul";

    private final Narrator narrator;
    private final Patience patience;
    private final Patience patienceOfUpshifts;
    private final Clock clock;
    private final SecureRandom random;
    private final Run tls = new Run(UpshiftKind.TLS);
    private final Run gossip = new Run(UpshiftKind.GOSSIP);
    private Path directory = Path.of("");

    /**
     * The scenes of one demo.
     *
     * @param patienceOfUpshifts for what takes more than a moment by design
     */
    UpshiftScenes(Narrator narrator, Patience patience, Patience patienceOfUpshifts, Clock clock, SecureRandom random) {
        this.narrator = narrator;
        this.patience = patience;
        this.patienceOfUpshifts = patienceOfUpshifts;
        this.clock = clock;
        this.random = random;
    }

    /** What is told of one upshift as it runs. */
    private final class Run {
        private final UpshiftKind kind;
        private final AtomicBoolean isToBeTold = new AtomicBoolean(true);
        private volatile Instant begun = Instant.EPOCH;
        private volatile Instant ended = Instant.EPOCH;
        private volatile UpshiftProgress last = UpshiftProgress.none("it has not begun");
        private volatile boolean isOver;

        Run(UpshiftKind kind) {
            this.kind = kind;
        }

        /**
         * Has an agent run it.
         *
         * @param ready called once, on a thread of the agent's, when all have confirmed the first stage
         */
        void start(AgentNode driver, Runnable ready) {
            begun = clock.instant();
            driver.upshift(UpshiftRequest.of(kind), progress -> {
                        last = progress;
                        boolean areReady = progress.record()
                                .filter(record -> record.confirmed().isAtLeast(UpshiftStage.READY))
                                .isPresent();
                        if (areReady && isToBeTold.compareAndSet(true, false)) {
                            ready.run();
                        }
                    })
                    .whenComplete((Done done, Throwable failure) -> {
                        ended = clock.instant();
                        isOver = true;
                    });
        }

        boolean isFinished() {
            return last.record()
                    .flatMap(UpshiftRecord::outcome)
                    .filter(UpshiftOutcome.FINISHED::equals)
                    .isPresent();
        }

        /** One line for each stage that all have confirmed, with when that was. */
        List<String> lines(Map<UpshiftStage, String> meanings) throws NotObserved {
            patienceOfUpshifts.until(() -> isOver, () -> kind + ": waiting for " + last.waitingFor());
            if (!isFinished()) {
                throw new NotObserved(kind + ": " + last.text() + " " + last.waitingFor());
            }
            List<String> lines = new ArrayList<>();
            meanings.forEach((stage, meaning) -> lines.add(String.format(
                    Locale.ROOT, "%-9s  %d of %d  %s", word(stage), NAMES.size(), NAMES.size(), meaning)));
            return lines;
        }

        Duration took() {
            return Duration.between(begun, ended);
        }
    }

    private static String word(UpshiftStage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    /** Starts the pool, sees that it is in plain text, and asks one of its agents for both upshifts. */
    void begin(DemoAgents agents) throws NotObserved {
        try {
            directory = Files.createTempDirectory(
                    "sotto-demo", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            CertificateAuthority authority = CertificateAuthority.create(random, clock.instant());
            write("ca.pem", authority.certificatePem());
            for (String name : NAMES) {
                agents.startPlain(name, certified(name, authority));
            }
        } catch (IOException e) {
            throw new NotObserved("files in " + directory + ": " + e.getMessage());
        }
        for (String name : NAMES.subList(1, NAMES.size())) {
            agents.join(name, RED);
        }
        patience.until(() -> agents.allSeeAll(NAMES), () -> "red sees " + agents.seenBy(RED));
        if (!Capture.answersPlaintext(agents.address(RED), RED, SILENCE)) {
            throw new NotObserved("red did not answer a ping in plain text, without a key");
        }
        AgentNode red = agents.get(RED);
        // A key can travel as soon as everybody has a certificate.
        tls.start(red, () -> gossip.start(red, () -> {}));
    }

    /** Red shows a server's certificate, whose orders the others obey. */
    private Map<String, String> certified(String name, CertificateAuthority authority) throws IOException {
        CertificateRequest request = name.equals(RED)
                ? CertificateRequest.server(DATACENTER, DOMAIN)
                : CertificateRequest.client(DATACENTER, DOMAIN);
        IssuedCertificate issued = authority.issue(request.valid(Duration.ZERO, DAY), random, clock.instant());
        Path data = Files.createDirectory(directory.resolve(name));
        Map<String, String> flags = new LinkedHashMap<>();
        // What an upshift changes has to outlive a restart, so that these keep files where the others keep none.
        flags.put("data-dir", data.toString());
        flags.put("disable-keyring-file", "false");
        flags.put("rpc.enabled", "true");
        flags.put("rpc.port", "0");
        flags.put("upshift.quiet", QUIET.toSeconds() + "s");
        flags.put("tls.ca-file", directory.resolve("ca.pem").toString());
        flags.put("tls.cert-file", write(name + ".pem", issued.certificatePem()));
        flags.put("tls.key-file", write(name + "-key.pem", issued.keyPem()));
        return flags;
    }

    private String write(String name, byte[] pem) throws IOException {
        Path file = Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, pem).toString();
    }

    void tls(DemoAgents agents) throws NotObserved {
        Map<UpshiftStage, String> meanings = new LinkedHashMap<>();
        meanings.put(UpshiftStage.READY, "hold a certificate of one authority");
        meanings.put(UpshiftStage.SENDING, "call by TLS only");
        meanings.put(
                UpshiftStage.ENFORCED, "refuse plain calls, once nobody had taken any for " + QUIET.toSeconds() + " s");
        narrator.show(tls.lines(meanings));
        requireAll(agents);
        narrator.observed(
                Step.UPSHIFT_TLS,
                tls.took(),
                "by one command, sotto upshift tls run; nobody was restarted, nobody lost",
                Map.of("members", Json.of(NAMES)));
    }

    void gossip(DemoAgents agents) throws NotObserved {
        Map<UpshiftStage, String> meanings = new LinkedHashMap<>();
        meanings.put(UpshiftStage.READY, "hold a key, which came to them by TLS");
        meanings.put(UpshiftStage.SENDING, "seal all they send");
        meanings.put(
                UpshiftStage.ENFORCED,
                "refuse plain text, once nobody had taken any in for " + QUIET.toSeconds() + " s");
        narrator.show(gossip.lines(meanings));
        requireAll(agents);
        if (Capture.answersPlaintext(agents.address(RED), RED, SILENCE)) {
            throw new NotObserved("red still answers a ping in plain text, which it must not");
        }
        for (String name : NAMES) {
            agents.kill(name);
        }
        narrator.observed(
                Step.UPSHIFT_GOSSIP,
                gossip.took(),
                "by one more, sotto upshift gossip run; the plain ping gets no answer any more",
                Map.of("members", Json.of(NAMES)));
    }

    private static void requireAll(DemoAgents agents) throws NotObserved {
        if (!agents.allSeeAll(NAMES)) {
            throw new NotObserved("a member was lost: red sees " + agents.seenBy(RED));
        }
    }

    /** Takes away what it wrote. */
    @Override
    public void close() {
        if (directory.toString().isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // It is a directory for temporary files: others clean it up.
        }
    }
}
