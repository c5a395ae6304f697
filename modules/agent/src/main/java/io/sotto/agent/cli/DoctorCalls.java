package io.sotto.agent.cli;

import io.sotto.agent.doctor.PoolSeen.ServerSeen;
import io.sotto.agent.doctor.PoolSeen.Unreached;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.Reason;
import io.sotto.pki.TlsSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;

/** Calls members over TCP, and servers over TLS, several at a time. Blocks until all have answered or had their time. */
final class DoctorCalls {
    private static final int AT_A_TIME = 16;
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final long SECONDS_PER_DAY = 86_400;

    private DoctorCalls() {}

    /**
     * Which addresses cannot be connected to.
     *
     * @param targets literal addresses with ports, by what they are called in the answer
     */
    static Map<String, Unreached> unreached(Map<String, String> targets) {
        return all(targets, DoctorCalls::connect);
    }

    /**
     * What each server shows that answers at all.
     *
     * @param targets addresses of RPC by name
     * @param provesItself whether the snapshot holds a certificate of ours, without which a server may refuse us
     */
    static Map<String, ServerSeen> servers(
            Map<String, String> targets,
            TlsSnapshot snapshot,
            boolean provesItself,
            String datacenter,
            String domain,
            Instant now) {
        return all(targets, address -> call(address, snapshot, provesItself, datacenter, domain, now));
    }

    private interface Look<T> {
        Optional<T> at(String address);
    }

    private static <T> Map<String, T> all(Map<String, String> targets, Look<T> look) {
        ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Callable<Optional<T>>> calls = new ArrayList<>();
            targets.values().forEach(address -> calls.add(() -> look.at(address)));
            List<Future<Optional<T>>> answers = callers.invokeAll(calls);
            Map<String, T> found = new LinkedHashMap<>();
            int i = 0;
            for (String name : targets.keySet()) {
                answers.get(i).get().ifPresent(seen -> found.put(name, seen));
                i++;
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            callers.shutdownNow();
        }
    }

    private static Optional<Unreached> connect(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(socketAddress(address), TIMEOUT_MILLIS);
            return Optional.empty();
        } catch (SocketTimeoutException silent) {
            return Optional.of(new Unreached(address, "no answer within " + TIMEOUT_MILLIS / 1_000 + " s"));
        } catch (IOException refused) {
            String why = String.valueOf(refused.getMessage());
            return Optional.of(
                    new Unreached(address, why.startsWith("Connection refused") ? "connection refused" : why));
        }
    }

    /** Empty where nothing can be said: who does not answer is told of elsewhere. */
    private static Optional<ServerSeen> call(
            String address, TlsSnapshot snapshot, boolean provesItself, String datacenter, String domain, Instant now) {
        try (TlsPeer peer = TlsPeer.connect(socketAddress(address), snapshot.dial(PeerRole.SERVER), TIMEOUT_MILLIS)) {
            try {
                peer.confirm(false);
                return Optional.of(new ServerSeen(address, "", "", daysLeft(peer, now)));
            } catch (SSLException refusal) {
                PeerRefused why = PeerRefused.from(refusal);
                return isOurs(why.reason()) && !provesItself
                        ? Optional.of(new ServerSeen(address, "", "", daysLeft(peer, now)))
                        : Optional.of(new ServerSeen(
                                address,
                                why.explain(),
                                TlsMends.of(why.reason(), datacenter, domain),
                                Optional.empty()));
            } catch (IOException ended) {
                return provesItself
                        ? Optional.of(new ServerSeen(
                                address,
                                "ended the connection within TLS",
                                TlsMends.of(Reason.HANDSHAKE, datacenter, domain),
                                Optional.empty()))
                        : Optional.empty();
            }
        } catch (IOException unreached) {
            return Optional.empty();
        }
    }

    /** Refusals of a caller without a certificate: they say nothing against the server. */
    private static boolean isOurs(Reason reason) {
        return reason == Reason.REFUSED_BY_PEER || reason == Reason.NO_CERTIFICATE || reason == Reason.HANDSHAKE;
    }

    private static Optional<Long> daysLeft(TlsPeer peer, Instant now) {
        return peer.shown()
                .map(CertificateFacts::of)
                .map(facts -> Math.floorDiv(facts.left(now).toSeconds(), SECONDS_PER_DAY));
    }

    private static InetSocketAddress socketAddress(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(
                address.substring(0, colon).replaceAll("^\\[|]$", ""), Integer.parseInt(address.substring(colon + 1)));
    }
}
