package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.JoinReport;
import io.sotto.gossip.KeyFindings;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.upshift.trial.KeyFinding;
import io.sotto.membership.upshift.trial.KeyFinding.Opens;
import io.sotto.membership.upshift.trial.KeyFinding.Plain;
import io.sotto.membership.upshift.trial.KeyFinding.Seals;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.Tags;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What trials find out of real agents, which give no reports: which hold a key that is not yet on our ring, which seal with it,
 * and which refuse plaintext. Source: agent specification, section 4.
 */
@NeedsPeer("consul")
class KeyTrialIT {
    private static final String KEY = Keys.random(32);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path DIRECTORY = NodeFiles.directory("key trials");

    private final List<PoolNode> started = new ArrayList<>();
    private Optional<ActorSystem<GossipPool.Command>> system = Optional.empty();

    @Test
    void aKeyThatNobodyHereHoldsYetIsFoundOnRealAgents() throws Exception {
        PoolNode plain = consul("plain", Map.of());
        PoolNode ready = consul("k00", flags(false, false));
        PoolNode serf = serf("serf-plain", Optional.empty());
        sotto(KeySettings.none(), plain, ready, serf);

        Map<String, KeyFinding> found = find(plain, ready, serf);

        assertFound(found, "plain", Opens.REFUSED, Seals.UNKNOWN, Plain.UNKNOWN);
        assertFound(found, "k00", Opens.PROVEN, Seals.NOT, Plain.UNKNOWN);
        assertFound(found, "serf-plain", Opens.REFUSED, Seals.UNKNOWN, Plain.UNKNOWN);
    }

    @Test
    void everyStageOfRealAgentsIsToldApart() throws Exception {
        PoolNode ready = consul("k00", flags(false, false));
        PoolNode sending = consul("k01", flags(false, true));
        PoolNode enforced = consul("k11", flags(true, true));
        PoolNode crooked = consul("k10", flags(true, false));
        PoolNode serf = serf("serf-keyed", Optional.of(KEY));
        sotto(
                new KeySettings(Optional.of(GossipKey.parse(KEY)), Optional.empty(), false, true),
                ready,
                sending,
                enforced,
                crooked,
                serf);

        Map<String, KeyFinding> found = find(ready, sending, enforced, crooked, serf);

        assertFound(found, "k00", Opens.PROVEN, Seals.NOT, Plain.UNKNOWN);
        assertFound(found, "k01", Opens.PROVEN, Seals.WITH_KEY, Plain.TAKEN);
        assertFound(found, "k11", Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED);
        assertFound(found, "k10", Opens.PROVEN, Seals.NOT, Plain.UNKNOWN);
        assertFound(found, "serf-keyed", Opens.PROVEN, Seals.WITH_KEY, Plain.REFUSED);
    }

    @AfterEach
    void end() throws Exception {
        started.forEach(PoolNode::close);
        if (system.isPresent()) {
            system.get().terminate();
            system.get().getWhenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void assertFound(Map<String, KeyFinding> all, String member, Opens opens, Seals seals, Plain plain) {
        assertThat(all).containsKey(member);
        KeyFinding found = Objects.requireNonNull(all.get(member));
        assertThat(found).as(member).isEqualTo(new KeyFinding(found.at(), opens, seals, plain));
    }

    private static Map<String, Object> flags(boolean verifyIncoming, boolean verifyOutgoing) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("encrypt", KEY);
        settings.put("encrypt_verify_incoming", verifyIncoming);
        settings.put("encrypt_verify_outgoing", verifyOutgoing);
        return settings;
    }

    private PoolNode consul(String name, Map<String, Object> settings) {
        ConsulProcess process = new ConsulProcess(
                        name, Site.ipv4(Site.CONSUL_PORT), DIRECTORY, ConsulProcess.Role.CLIENT, Optional.empty())
                .with("disable_keyring_file", true);
        settings.forEach(process::with);
        return begin(process);
    }

    private PoolNode serf(String name, Optional<String> key) {
        return begin(new SerfProcess(Peers.program("serf"), name, Site.ipv4(Site.SERF_PORT), DIRECTORY, key));
    }

    private PoolNode begin(PoolNode node) {
        started.add(node);
        node.start(List.of());
        return node;
    }

    /** A pool in this process, that joins each of these; agents that could not live together need not know of each other long. */
    private void sotto(KeySettings keys, PoolNode... peers) throws Exception {
        PoolSettings settings = PoolSettings.of(
                        "lan",
                        PoolRules.open("sotto", SwimSettings.lan(), SerfSettings.serf()),
                        new InetSocketAddress(
                                InetAddress.getByName(
                                        Site.ipv4(Site.CONSUL_PORT).ip()),
                                Site.CONSUL_PORT))
                .withMeta(Tags.encode(Map.of(
                        "role", "node", "dc", "dc1", "id", "", "vsn", "2", "vsn_min", "2", "vsn_max", "3", "segment",
                        "", "build", "1.8.7:")))
                .withKeys(keys);
        PoolEnvironment environment = PoolEnvironment.system(NetworkSettings.defaults());
        PoolState state = PoolState.create(settings, environment.time());
        ActorSystem<GossipPool.Command> made =
                ActorSystem.create(GossipPool.create(settings, environment, state), "key-trials", ConfigFactory.load());
        system = Optional.of(made);
        for (PoolNode peer : peers) {
            JoinReport report = this.<JoinReport>ask(
                    replyTo -> new GossipPool.Join(List.of(peer.site().address()), replyTo));
            assertThat(report.failures()).as(peer.name()).isEmpty();
            Awaitility.await(peer.name())
                    .atMost(PATIENCE)
                    .until(() -> state.members().find(peer.name()).isPresent());
        }
    }

    private Map<String, KeyFinding> find(PoolNode... peers) throws Exception {
        Set<String> names = Arrays.stream(peers).map(PoolNode::name).collect(Collectors.toSet());
        return this.<KeyFindings>ask(
                        replyTo -> new GossipPool.TryKey(Optional.of(GossipKey.parse(KEY)), names, replyTo))
                .byMember();
    }

    private <A> A ask(Function<ActorRef<A>, GossipPool.Command> question) throws Exception {
        ActorSystem<GossipPool.Command> there = system.orElseThrow();
        CompletionStage<A> answer = AskPattern.ask(there, question::apply, PATIENCE, there.scheduler());
        return answer.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
