package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.cluster.Member;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;

/** The Nomad pool of the golden capture, with sotto's agents in the place of its servers; whoever is named first is asked. */
public final class GoldenRegion {
    private static final Map<String, String> IDS = Map.of(
            "n1.global", "8f822acf-f0ad-95fa-9973-37eae59255a4",
            "n2.global", "dc89d8d3-a8d2-6ccb-fab7-5378934201a7");

    private final FakeKeyring keyring = new FakeKeyring("n1.global", "n2.global");

    /** All members hold this key. */
    public GoldenRegion(String key) {
        keyring.with(key);
    }

    /** One of these servers, each at the next address from 127.0.21.61 on, in the order of their names. */
    public GoldenAgent agent(String self, String... servers) {
        AtomicReference<List<Member>> members = new AtomicReference<>(
                List.of(servers).stream().map(name -> member(name, servers)).toList());
        FakePool pool = new FakePool(self, "", members, keyring);
        AgentFacts facts = new AgentFacts("dc1", self, FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of()));
        return new GoldenAgent(new AgentApi(facts, pool, new NoControl(), () -> Instant.EPOCH, new NomadApi(pool)));
    }

    private static Member member(String name, String... servers) {
        String ip = "127.0.21." + (61 + List.of(servers).indexOf(name));
        Map<String, String> tags = new TreeMap<>(Map.of(
                "role",
                "nomad",
                "region",
                name.substring(name.indexOf('.') + 1),
                "raft_vsn",
                "2",
                "mvn",
                "1",
                "build",
                "1.0.18",
                "dc",
                "dc1",
                "vsn",
                "1",
                "port",
                "4647",
                "rpc_addr",
                ip,
                SottoQuery.TAG,
                "0.1.0"));
        if (IDS.containsKey(name)) {
            tags.put("id", IDS.getOrDefault(name, ""));
        }
        if (name.equals("n1.global")) {
            tags.put("bootstrap", "1");
            tags.put("expect", "1");
        }
        return new Member(
                name,
                NodeAddress.of(new InetSocketAddress(ip, 4648)),
                tags,
                Member.Status.ALIVE,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
    }

    private static final class NoControl implements AgentControl {
        @Override
        public CompletionStage<Reloaded> reload() {
            return CompletableFuture.failedFuture(new IllegalStateException("nothing reloads"));
        }

        @Override
        public CompletionStage<Done> leave() {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody leaves"));
        }
    }
}
