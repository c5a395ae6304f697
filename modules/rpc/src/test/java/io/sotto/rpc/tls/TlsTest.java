package io.sotto.rpc.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.Reason;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.Usage;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.rpc.supervision.FailsOnce;
import io.sotto.virtualtime.Recorder;
import io.sotto.virtualtime.VirtualTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The actor with real files, in virtual time. */
class TlsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    /** More than there are messages to fail on, before and after, twice each. */
    private static final int ROUNDS = 48;

    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.9", 8300);

    private final VirtualTime virtual = VirtualTime.create("tls");
    private final InstantSource time = () -> BEGIN.plus(virtual.now());
    private final CertificateAuthority authority = CertificateAuthority.create(RANDOM, BEGIN);
    private final List<TlsSnapshot> swapped = new ArrayList<>();
    private final List<Tls.Alarm> alarms = new ArrayList<>();

    @TempDir
    Path directory;

    private TlsFiles files = TlsFiles.none(TlsSettings.builder(Dialect.SOTTO).build());

    @BeforeEach
    void write() throws IOException {
        put("ca.pem", authority.certificatePem());
        place(server());
        files = files(Dialect.SOTTO);
    }

    @AfterEach
    void stop() {
        virtual.close();
    }

    @Test
    void filesThatStayAreLeftAlone() throws Exception {
        TlsFeed feed = begin();
        virtual.run(Duration.ofHours(1));
        assertThat(swapped).isEmpty();
        assertThat(feed.get().generation()).isEqualTo(1);
    }

    @Test
    void aNewCertificateIsInForceOnceItHasSettled() throws Exception {
        TlsFeed feed = begin();
        IssuedCertificate next = server();
        place(next);
        virtual.run(INTERVAL);
        assertThat(feed.get().generation()).isEqualTo(1);
        virtual.run(SETTLE);
        assertThat(feed.get().generation()).isEqualTo(2);
        assertThat(feed.get().own().orElseThrow().serial())
                .isEqualTo(next.certificate().getSerialNumber());
        assertThat(swapped).containsExactly(feed.get());
        assertThat(feed.swaps()).isEqualTo(1);
    }

    @Test
    void aFaultInTellingOfANewCertificateEndsNeitherItsForceNorTheWatch() throws Exception {
        AtomicInteger told = new AtomicInteger();
        TlsFeed feed = begin(snapshot -> {
            if (told.incrementAndGet() == 1) {
                throw new IllegalStateException("made to fail");
            }
        });
        place(server());
        virtual.run(INTERVAL.plus(SETTLE));
        assertThat(feed.get().generation()).isEqualTo(2);

        virtual.run(INTERVAL.multipliedBy(3));
        assertThat(told).as("told again").hasValue(2);
        place(server());
        virtual.run(INTERVAL.multipliedBy(2).plus(SETTLE));

        assertThat(feed.get().generation()).isEqualTo(3);
        assertThat(told).hasValue(3);
        assertThat(reload(files)).isInstanceOf(TlsOutcome.Unchanged.class);
    }

    @Test
    void aFaultOnAnyMessageLosesNoReloadNoLookAndNoAlarm() throws Exception {
        FailsOnce faults = new FailsOnce();
        TlsFeed feed = begin();
        feed.inject(faults);
        long generation = 1;
        for (int round = 0; round < ROUNDS; round++) {
            faults.arm();
            place(server());
            if (round % 2 == 0) {
                assertThat(reload(files)).as("after %s", faults.fired()).isInstanceOf(TlsOutcome.Swapped.class);
            } else {
                virtual.run(INTERVAL.plus(SETTLE).multipliedBy(3));
            }
            generation++;
            assertThat(feed.get().generation()).as("after %s", faults.fired()).isEqualTo(generation);
            assertThat(swapped).as("after %s", faults.fired()).contains(feed.get());
            PeerRefused client = clientAsServer(feed);
            actor.tell(new Tls.Refused(client, PEER));
            virtual.run(Duration.ofMillis(1));
            assertThat(alarms)
                    .as("after %s", faults.fired())
                    .extracting(Tls.Alarm::refused)
                    .contains(client);
        }
        assertThat(faults.kinds()).containsExactlyInAnyOrder("Look", "Looked", "Reload", "Reloaded", "Refused");
    }

    @Test
    void aHalfWrittenFileIsNeverInForceAndTheWholeOneIs() throws Exception {
        TlsFeed feed = begin();
        IssuedCertificate next = server();
        byte[] whole = next.certificatePem();
        put("cert.pem", java.util.Arrays.copyOf(whole, whole.length / 2));
        virtual.run(INTERVAL);
        put("cert.pem", whole);
        virtual.run(SETTLE);
        putKey("key.pem", next.keyPem());
        virtual.run(SETTLE);
        assertThat(feed.get().generation()).isEqualTo(1);
        virtual.run(SETTLE);
        assertThat(feed.get().generation()).isEqualTo(2);
        assertThat(feed.refusals()).isZero();
    }

    @Test
    void aSymbolicLinkThatIsTurnedAndAFileThatIsRenamedAreNoticed() throws Exception {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        move(first);
        Path link = directory.resolve("current");
        Files.createSymbolicLink(link, first);
        files = new TlsFiles(
                files.flags(),
                files.caFile(),
                Optional.empty(),
                Optional.of(link.resolve("cert.pem")),
                Optional.of(link.resolve("key.pem")),
                Optional.empty(),
                List.of());
        TlsFeed feed = begin();
        place(server());
        move(second);
        Path turned = directory.resolve("turned");
        Files.createSymbolicLink(turned, second);
        Files.move(turned, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        virtual.run(INTERVAL.plus(SETTLE));
        assertThat(feed.get().generation()).isEqualTo(2);
        IssuedCertificate third = server();
        put("new.pem", third.certificatePem());
        putKey("new-key.pem", third.keyPem());
        Files.move(directory.resolve("new.pem"), second.resolve("cert.pem"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(directory.resolve("new-key.pem"), second.resolve("key.pem"), StandardCopyOption.ATOMIC_MOVE);
        virtual.run(INTERVAL.plus(SETTLE));
        assertThat(feed.get().own().orElseThrow().serial())
                .isEqualTo(third.certificate().getSerialNumber());
    }

    @Test
    void whatCannotBeUsedIsCountedOnceAndTheOldStays() throws Exception {
        TlsFeed feed = begin();
        TlsSnapshot old = feed.get();
        put("cert.pem", "rubbish".getBytes(StandardCharsets.US_ASCII));
        virtual.run(Duration.ofMinutes(10));
        assertThat(feed.refusals()).isEqualTo(1);
        assertThat(feed.get()).isSameAs(old);
        Files.delete(directory.resolve("cert.pem"));
        virtual.run(Duration.ofMinutes(10));
        assertThat(feed.refusals()).isEqualTo(2);
        assertThat(feed.get()).isSameAs(old);
        place(server());
        virtual.run(INTERVAL.plus(SETTLE));
        assertThat(feed.get().generation()).isEqualTo(2);
    }

    @Test
    void aCertificateThatPeersWouldRefuseIsNotTaken() throws Exception {
        TlsFeed feed = begin();
        place(CertificateAuthority.create(RANDOM, BEGIN)
                .issue(CertificateRequest.server("dc1", "consul"), RANDOM, BEGIN));
        TlsOutcome.Kept kept = (TlsOutcome.Kept) reload(files);
        assertThat(kept.faults())
                .singleElement()
                .asString()
                .startsWith("peers would refuse the new certificate: x509: certificate signed by unknown authority");
        place(authority.issue(
                CertificateRequest.server("dc1", "consul").valid(Duration.ofDays(-3), Duration.ofDays(1)),
                RANDOM,
                BEGIN));
        assertThat(reload(files)).isInstanceOf(TlsOutcome.Kept.class);
        assertThat(feed.get().generation()).isEqualTo(1);
        assertThat(feed.refusals()).isEqualTo(2);
    }

    @Test
    void aReloadTakesNewSettingsAtOnceOrNothing() throws Exception {
        TlsFeed feed = begin();
        assertThat(reload(files)).isEqualTo(new TlsOutcome.Unchanged(1));
        TlsFiles verifying =
                flags(files, files.flags().toBuilder().verifyIncoming(true).verifyOutgoing(true));
        assertThat(reload(verifying)).isEqualTo(new TlsOutcome.Swapped(2, List.of()));
        assertThat(feed.get().inbound().plaintext()).isFalse();
        TlsFiles without = new TlsFiles(
                verifying.flags(),
                Optional.empty(),
                Optional.empty(),
                verifying.certFile(),
                verifying.keyFile(),
                Optional.empty(),
                List.of());
        TlsOutcome.Kept kept = (TlsOutcome.Kept) reload(without);
        assertThat(kept.generation()).isEqualTo(2);
        assertThat(kept.faults())
                .containsExactly(
                        "VerifyOutgoing set, and no CA certificate provided!",
                        "VerifyIncoming set but no CA certificates were provided");
        place(server());
        virtual.run(INTERVAL.plus(SETTLE));
        assertThat(feed.get().generation()).isEqualTo(3);
        assertThat(feed.get().policy().verifyOutgoing()).isTrue();
    }

    @Test
    void tlsCanBeSwitchedOnAndOffByReload() throws Exception {
        TlsFiles on = files;
        files = TlsFiles.none(on.flags());
        TlsFeed feed = begin();
        assertThat(feed.get().servesTls()).isFalse();
        assertThat(reload(on).kind()).isEqualTo(TlsOutcome.Kind.SWAPPED);
        assertThat(feed.get().servesTls()).isTrue();
        assertThat(reload(files).kind()).isEqualTo(TlsOutcome.Kind.SWAPPED);
        assertThat(feed.get().servesTls()).isFalse();
        assertThat(feed.get().generation()).isEqualTo(3);
    }

    @Test
    void aNewRevocationListCountsWithoutARestart() throws Exception {
        IssuedCertificate thief = authority.issue(CertificateRequest.client("dc1", "consul"), RANDOM, BEGIN);
        put("crl.pem", authority.revocationsPem(List.of(), BEGIN, BEGIN.plus(Duration.ofDays(1))));
        files = new TlsFiles(
                files.flags(),
                files.caFile(),
                Optional.empty(),
                files.certFile(),
                files.keyFile(),
                Optional.empty(),
                List.of(directory.resolve("crl.pem")));
        TlsFeed feed = begin();
        assertThat(feed.get().check(List.of(thief.certificate()), Usage.CLIENT, PeerRole.MEMBER))
                .isEmpty();
        put("crl.pem", authority.revocationsPem(List.of(thief.certificate()), BEGIN, BEGIN.plus(Duration.ofDays(1))));
        virtual.run(INTERVAL.plus(SETTLE));
        assertThat(feed.get()
                        .check(List.of(thief.certificate()), Usage.CLIENT, PeerRole.MEMBER)
                        .orElseThrow()
                        .reason())
                .isEqualTo(Reason.REVOKED);
    }

    @Test
    void theTimeLeftIsToldToTheSecond() throws Exception {
        TlsFeed feed = begin();
        virtual.run(Duration.ofHours(24));
        assertThat(feed.certificateLeft()).contains(Duration.ofDays(364));
        assertThat(feed.authorityLeft()).contains(Duration.ofDays(1824));
        assertThat(TlsMetric.read(feed)).hasSize(TlsMetric.catalogue().size());
        assertThat(TlsMetric.read(feed).get(0).value()).isEqualTo(364.0 * 86_400);
    }

    @Test
    void aCertificateThatActsAsAServerIsAnAlarmThatNamesIt() throws Exception {
        TlsFeed feed = begin();
        PeerRefused refused = clientAsServer(feed);
        CertificateFacts client = refused.certificate().orElseThrow();
        ActorRef<Tls.Command> tls = actor;
        for (int i = 0; i < 5; i++) {
            tls.tell(new Tls.Refused(refused, PEER));
        }
        tls.tell(new Tls.Refused(new PeerRefused(Reason.REFUSED_BY_PEER, "remote error: tls: bad certificate"), PEER));
        virtual.run(Duration.ofSeconds(1));
        assertThat(feed.alarms()).isEqualTo(5);
        assertThat(alarms).singleElement().satisfies(alarm -> {
            assertThat(alarm.certificate().commonName()).isEqualTo("client.dc1.consul");
            assertThat(alarm.certificate()).isEqualTo(client);
            assertThat(alarm.peer()).isEqualTo(PEER);
        });
        virtual.run(Duration.ofHours(1));
        tls.tell(new Tls.Refused(refused, PEER));
        virtual.run(Duration.ofSeconds(1));
        assertThat(alarms).hasSize(2);
    }

    @Test
    void aKeyThatEverybodyMayReadIsRefusedWithTheFix() throws Exception {
        Path key = directory.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        InvalidTlsException refused = catchThrowableOfType(InvalidTlsException.class, () -> TlsFeed.load(files, time));
        assertThat(refused.faults())
                .containsExactly(key + " is readable by every user of this machine; mend it with: chmod 600 " + key);
        assertThat(TlsFeed.load(files(Dialect.CONSUL), time).warnings())
                .contains(key + " is readable by every user of this machine; mend it with: chmod 600 " + key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(TlsFeed.load(files, time).warnings())
                .containsExactly(key + " is readable by its group; mend it with: chmod 600 " + key);
    }

    @Test
    void whatIsNotThereIsToldInTheWordsOfRealAgents() {
        Path nowhere = directory.resolve("nowhere.pem");
        TlsFiles absent = new TlsFiles(
                files.flags(),
                Optional.of(nowhere),
                Optional.empty(),
                Optional.of(nowhere),
                files.keyFile(),
                Optional.empty(),
                List.of());
        InvalidTlsException refused = catchThrowableOfType(InvalidTlsException.class, () -> TlsFeed.load(absent, time));
        assertThat(refused.faults())
                .containsExactly(
                        "Error loading from " + nowhere + ": open " + nowhere + ": no such file or directory",
                        "Failed to load cert/key pair: open " + nowhere + ": no such file or directory");
    }

    @Test
    void everyFileOfADirectoryIsAnAuthority() throws Exception {
        Path all = directory.resolve("all");
        Path below = Files.createDirectories(all.resolve("below"));
        TlsFiles empty = caPath(all);
        InvalidTlsException refused = catchThrowableOfType(InvalidTlsException.class, () -> TlsFeed.load(empty, time));
        assertThat(refused.faults()).contains("Error loading from CAPath: no CAs found");
        Files.write(below.resolve("a.crt"), authority.certificatePem());
        Files.write(
                all.resolve("b.pem"), CertificateAuthority.create(RANDOM, BEGIN).certificatePem());
        assertThat(TlsFeed.load(empty, time).get().authorities()).hasSize(2);
    }

    @Test
    void theReferenceConfigurationIsOff() {
        TlsFiles read = TlsFiles.of(ConfigFactory.defaultReference().getConfig("sotto.tls"), "dc1");
        assertThat(read.isOn()).isFalse();
        assertThat(read.flags().verifyServerHostname()).isEmpty();
        TlsWatch watch = TlsWatch.of(ConfigFactory.defaultReference().getConfig("sotto.tls"));
        assertThat(watch.interval()).isEqualTo(INTERVAL);
        assertThat(watch.warnings()).startsWith(Duration.ofDays(30)).endsWith(Duration.ofDays(1));
    }

    private ActorRef<Tls.Command> actor = virtual.system().ignoreRef();

    private TlsFeed begin() throws InvalidTlsException {
        return begin(swapped::add);
    }

    private TlsFeed begin(Consumer<TlsSnapshot> told) throws InvalidTlsException {
        TlsFeed feed = TlsFeed.load(files, time);
        TlsWatch watch = new TlsWatch(INTERVAL, SETTLE, List.of(Duration.ofDays(30), Duration.ofDays(1)));
        actor = virtual.spawn(Tls.create(feed, files, watch, told, alarms::add), "tls");
        virtual.run(Duration.ZERO);
        return feed;
    }

    private TlsOutcome reload(TlsFiles next) {
        Recorder<TlsOutcome> outcomes = virtual.recorder();
        actor.tell(new Tls.Reload(next, outcomes.ref()));
        virtual.run(Duration.ofMillis(1));
        assertThat(outcomes.all()).isNotEmpty();
        return outcomes.all().get(0);
    }

    private TlsFiles files(Dialect dialect) {
        return new TlsFiles(
                TlsSettings.builder(dialect).build(),
                Optional.of(directory.resolve("ca.pem")),
                Optional.empty(),
                Optional.of(directory.resolve("cert.pem")),
                Optional.of(directory.resolve("key.pem")),
                Optional.empty(),
                List.of());
    }

    private TlsFiles caPath(Path path) {
        return new TlsFiles(
                files.flags(),
                Optional.empty(),
                Optional.of(path),
                files.certFile(),
                files.keyFile(),
                Optional.empty(),
                List.of());
    }

    private static TlsFiles flags(TlsFiles files, TlsSettings.Builder flags) {
        return new TlsFiles(
                flags.build(),
                files.caFile(),
                files.caPath(),
                files.certFile(),
                files.keyFile(),
                Optional.empty(),
                List.of());
    }

    /** What is said of a new client's certificate that acts as a server's. */
    private PeerRefused clientAsServer(TlsFeed feed) {
        IssuedCertificate client = authority.issue(CertificateRequest.client("dc1", "consul"), RANDOM, BEGIN);
        return feed.get()
                .check(List.of(client.certificate()), Usage.SERVER, PeerRole.SERVER)
                .orElseThrow();
    }

    private IssuedCertificate server() {
        return authority.issue(CertificateRequest.server("dc1", "consul"), RANDOM, BEGIN);
    }

    private void place(IssuedCertificate issued) throws IOException {
        put("cert.pem", issued.certificatePem());
        putKey("key.pem", issued.keyPem());
    }

    private void move(Path to) throws IOException {
        Files.move(directory.resolve("cert.pem"), to.resolve("cert.pem"));
        Files.move(directory.resolve("key.pem"), to.resolve("key.pem"));
    }

    private void put(String name, byte[] content) throws IOException {
        Files.write(directory.resolve(name), content);
    }

    private void putKey(String name, byte[] content) throws IOException {
        put(name, content);
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }
}
