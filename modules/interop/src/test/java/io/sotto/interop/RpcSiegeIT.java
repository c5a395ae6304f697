package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.Dialer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.LinkRefusal;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.link.RpcLink;
import io.sotto.rpc.link.RpcListener;
import io.sotto.wire.Octets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An RPC port under siege, by a process of its own: idle connections from 100 addresses and TLS handshakes that stop half
 * way. Short by default; with {@code -Dsotto.siege=full} 10,000 connections, and 200 handshakes a second for a minute.
 */
final class RpcSiegeIT {
    private static final boolean FULL = "full".equals(System.getProperty("sotto.siege"));
    private static final int IDLE = FULL ? 10_000 : 3_000;
    private static final int HALF_HANDSHAKES_PER_SECOND = FULL ? 200 : 100;
    private static final Duration SIEGE = Duration.ofSeconds(FULL ? 60 : 12);
    private static final Duration IDLE_GONE_MAX = Duration.ofSeconds(10);
    private static final Duration P99_MAX = Duration.ofMillis(100);
    /** A dial whose SYN meets a full queue at the onset is repeated by the kernel after one second and more. */
    private static final double DIALS_PART = 0.9;

    private static final Duration DIALS_MAX = Duration.ofMillis(500);
    private static final int SLOWER_THAN_IN_PEACE_MAX = 10;
    private static final int CALLS_IN_PEACE = 2_000;
    private static final int DIAL_EVERY = 50;
    private static final int DESCRIPTOR_TOLERANCE = 16;
    private static final long HEAP_TOLERANCE_BYTES = 16L << 20;
    private static final long HEAP_IN_SIEGE_BYTES = 192L << 20;
    private static final Octets EMPTY_MAP = Octets.hex("80");

    private final LinkCounters counters = new LinkCounters();
    private final LinkSettings settings = LinkSettings.defaults();
    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "siege",
            ConfigFactory.parseString("pekko.loglevel = \"WARNING\"").withFallback(ConfigFactory.load()));

    @AfterEach
    void endTheSystem() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void callsGetThroughIdleConnectionsAndHalfHandshakesAndAllIsGivenBack() throws Exception {
        TlsSnapshot tls = snapshot();
        Endpoints endpoints = Endpoints.none()
                .with(
                        "Siege.Echo",
                        PeerRole.MEMBER,
                        call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())));
        RpcListener listener = RpcListener.bind(
                        system,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        settings,
                        () -> tls,
                        () -> endpoints,
                        counters)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        Dialer dialer = Dialer.create(system, settings, () -> tls, counters);
        RpcLink link = dial(dialer, listener);
        List<Long> peace = new ArrayList<>();
        List<Long> dialsInPeace = new ArrayList<>();
        for (int i = 0; i < CALLS_IN_PEACE; i++) {
            peace.add(callNanos(link));
            if (i % DIAL_EVERY == 0) {
                dialsInPeace.add(dialNanos(dialer, listener));
            }
        }
        long descriptors = descriptors();
        long heap = heapBytes();
        long mostDescriptors = 0;

        List<Long> siege = new ArrayList<>();
        List<Long> dials = new ArrayList<>();
        Process besieger = besiege(listener.address().getPort());
        long heapInSiege;
        try (var said = new BufferedReader(new InputStreamReader(besieger.getInputStream(), StandardCharsets.UTF_8))) {
            CompletableFuture<Long> gone = CompletableFuture.supplyAsync(() -> idleGoneNanos(said));
            long end = System.nanoTime() + SIEGE.toNanos();
            while (System.nanoTime() < end) {
                siege.add(callNanos(link));
                if (siege.size() % DIAL_EVERY == 0) {
                    dials.add(dialNanos(dialer, listener));
                    mostDescriptors = Math.max(mostDescriptors, descriptors());
                }
            }
            assertThat(besieger.isAlive()).isTrue();
            assertThat(Duration.ofNanos(gone.get(30, TimeUnit.SECONDS)))
                    .as("all idle gone")
                    .isLessThan(IDLE_GONE_MAX);
            heapInSiege = heapBytes();
        } finally {
            besieger.destroyForcibly().waitFor();
        }

        Duration p99 = p99(siege);
        Duration dialMost = at(dials, DIALS_PART);
        System.out.println("RpcSiegeIT: " + siege.size() + " calls, p99 " + p99 + ", in peace " + p99(peace) + "; "
                + dials.size() + " dials, 90 % within " + dialMost + ", in peace " + at(dialsInPeace, DIALS_PART)
                + "; descriptors "
                + descriptors + " before, at most " + mostDescriptors + " in the siege; heap " + (heap >> 20)
                + " MiB before, "
                + (heapInSiege >> 20) + " in the siege; refused " + counters.refused(LinkRefusal.HANDSHAKE_TIMEOUT)
                + " by time, " + counters.refused(LinkRefusal.DISPLACED) + " displaced");
        // A machine that is slow in peace may be slower in a siege.
        assertThat(p99).isLessThan(longer(P99_MAX, p99(peace).multipliedBy(SLOWER_THAN_IN_PEACE_MAX)));
        assertThat(dialMost)
                .isLessThan(longer(DIALS_MAX, at(dialsInPeace, DIALS_PART).multipliedBy(SLOWER_THAN_IN_PEACE_MAX)));
        assertThat(mostDescriptors).isLessThan(descriptors + 2L * settings.maxHandshakes());
        assertThat(heapInSiege).isLessThan(heap + HEAP_IN_SIEGE_BYTES);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    assertThat(counters.handshaking()).isZero();
                    assertThat(descriptors()).isLessThanOrEqualTo(descriptors + DESCRIPTOR_TOLERANCE);
                    assertThat(heapBytes()).isLessThanOrEqualTo(heap + HEAP_TOLERANCE_BYTES);
                });
        assertThat(callNanos(link)).isPositive();
    }

    /** From the last idle connection's opening to the last one's end. */
    private static long idleGoneNanos(BufferedReader said) {
        try {
            assertThat(said.readLine()).isEqualTo("opened");
            long opened = System.nanoTime();
            assertThat(said.readLine()).isEqualTo("gone");
            return System.nanoTime() - opened;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long callNanos(RpcLink link) throws Exception {
        long begun = System.nanoTime();
        RpcResult result = link.call(new RpcRequest("Siege.Echo", EMPTY_MAP, Duration.ofSeconds(30)))
                .get(60, TimeUnit.SECONDS);
        assertThat(result).isEqualTo(new RpcResult.Answered(EMPTY_MAP));
        return System.nanoTime() - begun;
    }

    /** How long a dial takes, also one that is given up: the server's deadline counts for everybody. */
    private static long dialNanos(Dialer dialer, RpcListener listener) throws Exception {
        long begun = System.nanoTime();
        DialResult result = dialer.dial(listener.address(), Optional.empty(), PeerRole.SERVER, true)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        long taken = System.nanoTime() - begun;
        if (result instanceof DialResult.Linked linked) {
            callNanos(linked.link());
            linked.link().drain();
            linked.link().ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        return taken;
    }

    private static RpcLink dial(Dialer dialer, RpcListener listener) throws Exception {
        DialResult result = dialer.dial(listener.address(), Optional.empty(), PeerRole.SERVER, true)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(DialResult.Linked.class);
        return ((DialResult.Linked) result).link();
    }

    private static TlsSnapshot snapshot() throws Exception {
        var random = new SecureRandom();
        Instant now = Instant.now();
        var authority = CertificateAuthority.create(random, now);
        var issued = authority.issue(CertificateRequest.server("dc1", "consul"), random, now);
        return TlsSnapshot.create(
                TlsSettings.builder(TlsSettings.Dialect.SOTTO)
                        .authorities(List.of(authority.source()))
                        .certificate(issued.certificateSource())
                        .key(issued.keySource())
                        .verifyIncoming(true)
                        .verifyOutgoing(true)
                        .build(),
                1,
                InstantSource.system());
    }

    private static Process besiege(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RpcBesieger.class.getName(),
                        String.valueOf(port),
                        String.valueOf(IDLE),
                        String.valueOf(HALF_HANDSHAKES_PER_SECOND))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Duration p99(List<Long> nanos) {
        return at(nanos, 0.99);
    }

    private static Duration at(List<Long> nanos, double part) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return Duration.ofNanos(sorted.get((int) (sorted.size() * part)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
