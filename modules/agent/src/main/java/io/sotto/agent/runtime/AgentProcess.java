package io.sotto.agent.runtime;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.logging.ConsoleLogging;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent as a process of the operating system: banner, log, signals, exit code.
 *
 * <p>{@link #run} blocks its caller, the main thread, until the agent has ended. A signal or a request to leave starts a
 * graceful leave, after which the exit code is 0; a second signal, a failed start, a leave that takes too long and a
 * signal that is set not to leave end with 1. Source: agent behaviour, sections 2, 3 and 5; golden/leave-client-log.
 */
public final class AgentProcess implements AgentControl {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Logger CLIENT_LOG = LoggerFactory.getLogger("agent.client");
    /** How long a graceful leave may take; the real agent's value. */
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(15);
    /** For HTTP answers under way when the agent ends. */
    private static final Duration HTTP_GRACE = Duration.ofSeconds(2);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final LoadResult.Loaded loaded;
    private final Supplier<LoadResult> reload;
    private final PrintStream out;
    private final Build build;
    private final ReadyNotice systemd = ReadyNotice.asked();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final CompletableFuture<Done> left = new CompletableFuture<>();
    private volatile Optional<AgentNode> node = Optional.empty();
    private volatile AgentSettings.LogLevel logLevel;
    private final Object reloading = new Object();
    private CompletableFuture<Reloaded> lastReload = CompletableFuture.completedFuture(new Reloaded.Applied());

    private AgentProcess(AgentRunner.Start start, Build build) {
        this.loaded = start.configuration();
        this.reload = start.reload();
        this.out = start.out();
        this.build = build;
        this.logLevel = loaded.settings().logLevel();
    }

    /** Runs an agent until it ends and returns the exit code. */
    public static int run(AgentRunner.Start start, Build build) {
        return new AgentProcess(start, build).run(start.err());
    }

    private int run(PrintStream err) {
        Signals.deliverTo(this::onSignal);
        AgentSettings settings = loaded.settings();
        ConsoleLogging.level(settings.logLevel());
        LogGate gate = LogGate.shut();
        try (gate) {
            String nodeId = NodeIdFile.resolve(
                    settings.nodeId(),
                    settings.dataDir(),
                    () -> UUID.randomUUID().toString());
            SortedMap<KeyringNotice.Ring, KeyringNotice> notices = KeyringNotice.of(settings);
            notices.forEach((ring, notice) -> {
                if (notice != KeyringNotice.NONE) {
                    err.println(ring.bothExist());
                }
            });
            // A pool without a ring begins with the key; then the node itself warns of the other.
            boolean isNeedless = !notices.containsValue(KeyringNotice.NONE);
            AgentNode created =
                    AgentNode.create(isNeedless ? KeyringNotice.withoutKey(loaded) : loaded, nodeId, build, this);
            node = Optional.of(created);
            out.print(banner(settings, nodeId, created).render());
            out.flush();
            gate.close();
            loaded.warnings().forEach(LOG::warn);
            notices.forEach((ring, notice) -> {
                if (isNeedless && notice == KeyringNotice.RING_LACKS_KEY) {
                    LOG.warn(ring.keyNotOnRing());
                }
            });
            created.listen().whenComplete((ready, failure) -> {
                if (failure != null) {
                    fail(failure);
                } else {
                    announce(ready);
                }
            });
        } catch (RuntimeException failure) {
            // Also what nobody foresaw must end the process: the actor system's threads would keep it.
            gate.close();
            fail(failure);
        }
        int code = exit.join();
        LOG.info("Exit code: code={}", code);
        return code;
    }

    private Banner banner(AgentSettings settings, String nodeId, AgentNode created) {
        boolean ringKept = !settings.disableKeyringFile()
                && settings.dataDir().map(KeyringNotice::ringExists).orElse(false);
        int http = settings.ports().http();
        int https = settings.web().httpsPort();
        return new Banner(
                build.version(),
                nodeId,
                settings.nodeName(),
                settings.datacenter(),
                settings.server(),
                settings.clientAddrs(),
                http < 0 ? Optional.empty() : Optional.of(http),
                https < 0 ? Optional.empty() : Optional.of(https),
                created.advertised(),
                settings.ports().serfLan(),
                settings.wan().enabled() ? Optional.of(settings.wan().port()) : Optional.empty(),
                settings.encrypt().isPresent() || ringKept,
                settings.transport().verifyOutgoing(),
                settings.transport().verifyIncoming());
    }

    private void announce(AgentNode ready) {
        ready.http().forEach(address -> announce("HTTP", address));
        ready.https().forEach(address -> announce("HTTPS", address));
        out.println(Banner.running());
        out.flush();
        systemd.ready(loaded.settings().nodeName());
    }

    private static void announce(String protocol, InetSocketAddress address) {
        LOG.info(
                "Started {} server: address={}:{} network=tcp",
                protocol,
                address.getAddress().getHostAddress(),
                address.getPort());
    }

    private static void tellOfEnd(String protocol, InetSocketAddress address) {
        LOG.info(
                "Stopping server: protocol={} address={}:{} network=tcp",
                protocol,
                address.getAddress().getHostAddress(),
                address.getPort());
    }

    private void fail(Throwable failure) {
        Throwable cause = StartFailure.unwrap(failure);
        LOG.error("Error starting agent: error=\"{}\"", cause.getMessage());
        exit.complete(1);
    }

    private void onSignal(Signals signal) {
        LOG.info("Caught: signal={}", signal.word());
        switch (signal) {
            case HANGUP -> reload();
            case INTERRUPT -> endOn(loaded.settings().skipLeaveOnInterrupt());
            case TERMINATE -> endOn(!loaded.settings().leaveOnTerminate());
        }
    }

    private void endOn(boolean abruptly) {
        if (leaving.get() || node.isEmpty()) {
            exit.complete(1);
        } else if (abruptly) {
            systemd.stopping();
            LOG.info("Graceful shutdown disabled. Exiting");
            stopThenExit(1, Duration.ZERO);
        } else {
            LOG.info("Gracefully shutting down agent...");
            leave();
        }
    }

    @Override
    public CompletionStage<Done> leave() {
        if (!leaving.compareAndSet(false, true)) {
            return left;
        }
        systemd.stopping();
        CLIENT_LOG.info("client starting leave");
        CompletionStage<Done> leave = node.map(AgentNode::leave)
                .orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()))
                .toCompletableFuture()
                .orTimeout(LEAVE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        leave.whenComplete((done, failure) -> {
            if (failure == null) {
                LOG.info("Requesting shutdown");
                CLIENT_LOG.info("shutting down client");
                left.complete(Done.getInstance());
                stopThenExit(0, HTTP_GRACE);
            } else {
                Throwable cause = StartFailure.unwrap(failure);
                String text = cause instanceof TimeoutException
                        ? "Timeout on graceful leave"
                        : "Error on graceful leave: " + cause.getMessage();
                LOG.error(text);
                left.completeExceptionally(new IllegalStateException(text));
                stopThenExit(1, HTTP_GRACE);
            }
        });
        return left;
    }

    private void stopThenExit(int code, Duration grace) {
        AgentNode running = node.orElseThrow(() -> new IllegalStateException("no node to stop"));
        running.http().forEach(address -> tellOfEnd("HTTP", address));
        running.https().forEach(address -> tellOfEnd("HTTPS", address));
        CompletionStage<Done> stopped = running.stop(grace)
                .toCompletableFuture()
                .completeOnTimeout(Done.getInstance(), STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        stopped.whenComplete((done, failure) -> {
            LOG.info("shutdown complete");
            exit.complete(code);
        });
    }

    @Override
    public CompletionStage<Reloaded> reload() {
        Optional<AgentNode> running = node;
        if (running.isEmpty()) {
            return CompletableFuture.completedFuture(new Reloaded.Refused("the agent is still starting"));
        }
        AgentNode now = running.get();
        synchronized (reloading) {
            // One after another, so that what is read last is in force last.
            CompletableFuture<Reloaded> next = lastReload
                    .exceptionally(failed -> new Reloaded.Applied())
                    .thenComposeAsync(before -> reloadNow(now), now.blocking());
            lastReload = next;
            return next;
        }
    }

    private CompletionStage<Reloaded> reloadNow(AgentNode running) {
        LOG.info("Reloading configuration...");
        LoadResult result = reload.get();
        if (result instanceof LoadResult.Refused refused) {
            return CompletableFuture.completedFuture(refuse(String.join("\n", FaultReport.blocks(refused.faults()))));
        }
        LoadResult.Loaded read = (LoadResult.Loaded) result;
        return running.reload(read)
                .thenApply(outcome -> outcome instanceof io.sotto.cluster.Reloaded.Refused refused
                        ? refuse(refused.reason())
                        : applied((io.sotto.cluster.Reloaded.Applied) outcome, read));
    }

    private static Reloaded refuse(String reason) {
        LOG.error("Reload config failed: error=\"{}\"", reason);
        return new Reloaded.Refused("Failed to reload config: " + reason);
    }

    private Reloaded applied(io.sotto.cluster.Reloaded.Applied node, LoadResult.Loaded read) {
        read.warnings().forEach(LOG::warn);
        Reloaded.Applied change =
                SettingsChange.of(node, logLevel, read.settings().logLevel());
        logLevel = read.settings().logLevel();
        ConsoleLogging.level(logLevel);
        if (!change.changed().isEmpty()) {
            LOG.info("Changed: {}", String.join(", ", change.changed()));
        }
        if (!change.afterRestart().isEmpty()) {
            LOG.warn("Changed, but needs a restart: {}", String.join(", ", change.afterRestart()));
        }
        change.remarks().forEach(LOG::info);
        if (change.changed().isEmpty() && change.afterRestart().isEmpty()) {
            LOG.info("Nothing changed");
        }
        return change;
    }
}
