package io.sotto.cluster.server;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Internal;
import io.sotto.wire.rpc.consul.QueryOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The keys of all pools that a server knows: of the WAN pool, of its own LAN pool, and, by calls to their servers, of the LAN
 * pools of other datacenters. An operation acts on the WAN pool first, then on all LAN pools at once.
 *
 * <p>Nothing is undone where only some did it; what is so already counts as done, so operations may be repeated. To another
 * datacenter keys go by TLS and to a proven server only, or not at all. Stages never fail because of the network: a datacenter
 * that gives no answer is an element with an error. Safe to use from every thread. Source: RPC specification, section 5; agent
 * behaviour, section 6; security rules, "Keys".
 */
public final class DatacenterKeyrings {
    static final String NOT_SEALED =
            "keys go to other datacenters only by TLS between servers: set verify_outgoing and verify_server_hostname";

    /** A pool of thousands that is asked twice takes most of half a minute; after that it may wait for a disk. */
    private static final Duration CALL_TIME = Duration.ofSeconds(45);

    private final String own;
    private final GossipView lan;
    private final Optional<GossipView> wan;
    private final Datacenters datacenters;
    private final Function<String, RpcCaller> servers;
    private final BooleanSupplier mayTravel;

    /** @param mayTravel whether keys may go to other datacenters */
    DatacenterKeyrings(
            String own,
            GossipView lan,
            Optional<GossipView> wan,
            Datacenters datacenters,
            Function<String, RpcCaller> servers,
            BooleanSupplier mayTravel) {
        this.own = own;
        this.lan = lan;
        this.wan = wan;
        this.datacenters = datacenters;
        this.servers = servers;
        this.mayTravel = mayTravel;
    }

    /** Those of one pool, beyond which nothing is known. */
    public static DatacenterKeyrings of(String datacenter, Pool lan) {
        return new DatacenterKeyrings(
                datacenter,
                GossipView.of(lan),
                Optional.empty(),
                new Datacenters(datacenter, Optional.empty()),
                ConsulServer::nobody,
                () -> false);
    }

    /**
     * One operation.
     *
     * @param key in base64; empty for a list. A secret
     * @param token for the access control lists of other datacenters; empty for none. A secret
     */
    public record Task(Internal.KeyringAction action, String key, int relayFactor, String token) {
        /** Without the secrets. */
        @Override
        public String toString() {
            return "Task[" + action + ", relayFactor=" + relayFactor + "]";
        }
    }

    /** Does it in all pools: the WAN pool comes first, then this datacenter's, then the others by name. */
    public CompletionStage<List<Internal.KeyringAnswer>> everywhere(Task task) {
        if (wan.isEmpty()) {
            return here(task);
        }
        return in(wan.get(), true, task).thenCompose(first -> {
            List<CompletionStage<List<Internal.KeyringAnswer>>> asked = new ArrayList<>();
            asked.add(CompletableFuture.completedFuture(List.of(first)));
            asked.add(here(task));
            others().forEach(datacenter -> asked.add(there(datacenter, task)));
            return joined(asked);
        });
    }

    /** Does it in the LAN pool of this datacenter. */
    public CompletionStage<List<Internal.KeyringAnswer>> here(Task task) {
        return in(lan, false, task).thenApply(List::of);
    }

    private CompletionStage<Internal.KeyringAnswer> in(GossipView pool, boolean isWan, Task task) {
        ClusterKeyring keyring = pool.keyring();
        if (task.action == Internal.KeyringAction.LIST) {
            return keyring.list(task.relayFactor).thenApply(report -> told(isWan, task, report));
        }
        GossipKey key;
        try {
            key = GossipKey.parse(task.key);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(noKey(pool, isWan, String.valueOf(e.getMessage())));
        }
        CompletionStage<KeyringReport> asked = switch (task.action) {
            case INSTALL -> keyring.install(key, task.relayFactor);
            case USE -> keyring.use(key, task.relayFactor);
            default -> keyring.remove(key, task.relayFactor);
        };
        return asked.thenApply(report -> told(isWan, task, report));
    }

    /** What is no base64 fails before anybody is asked; of a wrong length, each member would refuse it. */
    private Internal.KeyringAnswer noKey(GossipView pool, boolean isWan, String reason) {
        return reason.startsWith("illegal base64")
                ? KeyringAnswers.failed(isWan, own, reason)
                : KeyringAnswers.refused(
                        isWan,
                        own,
                        pool.members().stream()
                                .filter(member -> member.status() == Member.Status.ALIVE)
                                .map(Member::name)
                                .toList(),
                        reason);
    }

    private Internal.KeyringAnswer told(boolean isWan, Task task, KeyringReport report) {
        return KeyringAnswers.of(isWan, own, task.action == Internal.KeyringAction.LIST, report);
    }

    /** The other datacenters that are known, by name. */
    List<String> others() {
        return datacenters.byDistance().stream()
                .filter(datacenter -> !datacenter.equals(own))
                .sorted()
                .toList();
    }

    /** Has a server of another datacenter do it in its LAN pool. */
    CompletionStage<List<Internal.KeyringAnswer>> there(String datacenter, Task task) {
        if (!mayTravel.getAsBoolean()) {
            return failed(datacenter, NOT_SEALED);
        }
        QueryOptions options = QueryOptions.defaults();
        Internal.Keyring request = new Internal.Keyring(
                task.action.wireName(),
                task.key,
                datacenter,
                true,
                task.relayFactor,
                false,
                task.token.isEmpty() ? options : options.withToken(task.token));
        return ConsulRpc.create(servers.apply(datacenter), datacenter, CALL_TIME)
                .call(ConsulMethods.INTERNAL_KEYRING_OPERATION, request)
                .thenApply(outcome -> answers(datacenter, outcome));
    }

    private static List<Internal.KeyringAnswer> answers(
            String datacenter, RpcOutcome<Internal.KeyringAnswers> outcome) {
        if (outcome instanceof RpcOutcome.Answer<Internal.KeyringAnswers> answer) {
            // What it says of pools that it was not asked about counts for nothing.
            List<Internal.KeyringAnswer> own = answer.value().responses().stream()
                    .filter(one -> !one.wan() && one.datacenter().equals(datacenter))
                    .toList();
            return own.isEmpty()
                    ? List.of(KeyringAnswers.failed(false, datacenter, "its server says nothing of it"))
                    : own;
        }
        String reason = outcome instanceof RpcOutcome.NoAnswer<Internal.KeyringAnswers> end
                ? Forwarding.fault(end.result())
                : "rpc error making call: " + ((RpcOutcome.Unreadable<Internal.KeyringAnswers>) outcome).reason();
        return List.of(KeyringAnswers.failed(false, datacenter, reason));
    }

    private static CompletionStage<List<Internal.KeyringAnswer>> failed(String datacenter, String reason) {
        return CompletableFuture.completedFuture(List.of(KeyringAnswers.failed(false, datacenter, reason)));
    }

    private static CompletionStage<List<Internal.KeyringAnswer>> joined(
            List<CompletionStage<List<Internal.KeyringAnswer>>> asked) {
        CompletionStage<List<Internal.KeyringAnswer>> all = CompletableFuture.completedFuture(List.of());
        for (CompletionStage<List<Internal.KeyringAnswer>> one : asked) {
            all = all.thenCombine(one, (before, more) -> {
                List<Internal.KeyringAnswer> both = new ArrayList<>(before);
                both.addAll(more);
                return List.copyOf(both);
            });
        }
        return all;
    }
}
