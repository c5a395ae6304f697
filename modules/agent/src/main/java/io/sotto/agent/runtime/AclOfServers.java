package io.sotto.agent.runtime;

import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Whether the servers of a datacenter have access control of their own, by what they say of themselves. All of them must, and
 * there must be one: a member that only claims to be a server can have this agent ask for more, never for less than where
 * there are servers. Looks once a second at most. For any thread.
 */
final class AclOfServers implements BooleanSupplier {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Set<String> ON = Set.of("1", "2");

    private final Pool pool;
    private final String datacenter;
    private final InstantSource time;
    private volatile Seen seen = new Seen(Instant.MIN, false);

    private record Seen(Instant at, boolean on) {}

    AclOfServers(Pool pool, String datacenter, InstantSource time) {
        this.pool = pool;
        this.datacenter = datacenter;
        this.time = time;
    }

    @Override
    public boolean getAsBoolean() {
        Instant now = time.instant();
        Seen last = seen;
        if (last.at.isAfter(now.minus(LOOK)) && !last.at.isAfter(now)) {
            return last.on;
        }
        List<Member> servers = pool.members().stream().filter(this::isServer).toList();
        boolean on = !servers.isEmpty()
                && servers.stream().allMatch(server -> ON.contains(server.tags().getOrDefault("acls", "")));
        seen = new Seen(now, on);
        return on;
    }

    private boolean isServer(Member member) {
        return member.status() == Member.Status.ALIVE
                && member.tags().getOrDefault("role", "").equals("consul")
                && member.tags().getOrDefault("dc", "").equals(datacenter);
    }
}
