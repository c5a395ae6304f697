package io.sotto.interop;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Agents of one datacenter, the first of them servers, whose gossip and calls are plain until they are given what an upshift takes.
 */
final class UpshiftDatacenter<N extends HttpNode> implements AutoCloseable {
    /** Makes an agent of this name, which reads this file. */
    @FunctionalInterface
    interface Making<N> {
        N of(String name, Site site, Path directory, Path settings);
    }

    static final int RPC_PORT = 8300;

    /** Members are suspected patiently, so that a busy machine is no failure. */
    private static final int SUSPICION_MULT = 20;
    /** For so long nobody must have taken in anything insecure; a minute is the default. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private static final String TLS_DIALLED = "031603";

    final Path directory;
    final CertificateAuthority authority = TlsFiles.authority();
    final List<N> agents = new ArrayList<>();
    final Pool pool;
    private final TlsFiles files;
    private final Making<N> making;

    UpshiftDatacenter(String name, Making<N> making) {
        this.making = making;
        directory = NodeFiles.directory(name);
        files = new TlsFiles(directory);
        pool = new Pool(name);
    }

    /** Starts these agents, and waits until all see all. */
    UpshiftDatacenter<N> start(int servers, int clients) {
        IntStream.rangeClosed(1, servers).forEach(i -> start("server-" + i, true));
        IntStream.rangeClosed(1, clients).forEach(i -> start("client-" + i, false));
        pool.awaitAgreement("all see each other", FormulaTime.joinBound());
        return this;
    }

    private void start(String name, boolean isServer) {
        N agent = making.of(name, Site.ipv4(Site.CONSUL_PORT), directory, settings(name, isServer, Map.of()));
        agents.add(agent);
        pool.start(agent);
    }

    /** Puts certificates in place, of servers and of clients, and has each agent read its settings again. */
    void certify(Consumer<N> reload) {
        certify(agents, reload);
    }

    /** The same for these only. */
    void certify(List<N> those, Consumer<N> reload) {
        for (N agent : those) {
            boolean isServer = agent.name().startsWith("server");
            settings(agent.name(), isServer, certificate(isServer));
            reload.accept(agent);
        }
    }

    private Map<String, Object> certificate(boolean isServer) {
        CertificateRequest request =
                isServer ? CertificateRequest.server("dc1", "consul") : CertificateRequest.client("dc1", "consul");
        return files.settings(TlsFiles.issue(authority, request), List.of(authority));
    }

    private Path settings(String name, boolean isServer, Map<String, Object> certificate) {
        StringBuilder text = new StringBuilder("sotto {\n")
                .append("  profile = consul-client\n")
                .append("  server = ")
                .append(isServer)
                .append('\n')
                .append(isServer ? "" : "  ports.serf-wan = -1\n")
                .append("  ports.server = ")
                .append(RPC_PORT)
                .append('\n')
                .append("  rpc.enabled = true\n")
                .append("  rpc.port = ")
                .append(RPC_PORT)
                .append('\n')
                .append("  gossip-lan.suspicion-mult = ")
                .append(SUSPICION_MULT)
                .append('\n')
                .append("  upshift.quiet = ")
                .append(QUIET.toSeconds())
                .append("s\n");
        certificate.forEach((key, value) ->
                text.append("  tls.").append(key).append(" = \"").append(value).append("\"\n"));
        return NodeFiles.write(
                directory.resolve(name + ".conf"), text.append("}\n").toString());
    }

    N agent(int index) {
        return agents.get(index);
    }

    /** The key that this agent's ring has. */
    static GossipKey key(HttpNode agent) {
        return GossipKey.parse(
                NodeFiles.parse(NodeProcess.text(agent.ring())).path(0).asText());
    }

    /** Datagrams that no key of theirs opens. */
    static List<Octets> plain(List<Octets> datagrams, GossipKey key) {
        Opener opener = new Opener();
        return datagrams.stream()
                .filter(datagram -> !(opener.open(Keyring.of(key), datagram, Octets.empty()) instanceof Opened.Plain))
                .toList();
    }

    /** Whether what a member said first, on a connection that it made for a call, was TLS. */
    static boolean isTls(CaughtStream stream) {
        return stream.bytes().slice(0, 3).toHex().equals(TLS_DIALLED);
    }

    @Override
    public void close() {
        pool.close();
    }
}
