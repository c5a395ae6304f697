package io.sotto.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.junit.jupiter.api.Test;

final class MembersWatchTest {
    private final List<String> changes = new ArrayList<>();
    private final List<String> rivals = new ArrayList<>();
    private int changesToFailOn;
    private int rivalsToFailOn;
    private final BehaviorTestKit<MemberEvent> watch = BehaviorTestKit.create(MembersWatch.supervised(
            member -> true,
            event -> {
                changes.add(event.member().name());
                if (changesToFailOn-- > 0) {
                    throw new IllegalStateException("made to fail");
                }
            },
            member -> {
                if (rivalsToFailOn-- > 0) {
                    throw new IllegalStateException("made to fail");
                }
                rivals.add(member.name());
            }));

    private void hear(MemberEvent.Kind kind, String name, Member.Status status, Map<String, String> tags) {
        Member member = new Member(
                name,
                NodeAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8301)),
                tags,
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
        watch.run(new MemberEvent(kind, member));
    }

    @Test
    void tellsOnceOfTheFirstRealServerAndOfEveryChange() {
        hear(MemberEvent.Kind.JOINED, "cli", Member.Status.ALIVE, Map.of("role", "node"));
        hear(MemberEvent.Kind.JOINED, "ours", Member.Status.ALIVE, Map.of("role", "consul", "sotto", "1"));
        hear(MemberEvent.Kind.FAILED, "dead", Member.Status.FAILED, Map.of("role", "consul"));
        assertThat(rivals).isEmpty();
        hear(MemberEvent.Kind.JOINED, "real-1", Member.Status.ALIVE, Map.of("role", "consul"));
        hear(MemberEvent.Kind.JOINED, "real-2", Member.Status.ALIVE, Map.of("role", "consul"));
        assertThat(rivals).containsExactly("real-1");
        assertThat(changes).containsExactly("cli", "ours", "dead", "real-1", "real-2");
    }

    @Test
    void aFaultLosesNeitherAChangeNorTheRival() {
        changesToFailOn = 1;
        hear(MemberEvent.Kind.JOINED, "cli", Member.Status.ALIVE, Map.of("role", "node"));
        watch.runOne();
        assertThat(changes).containsExactly("cli", "cli");
        rivalsToFailOn = 1;
        hear(MemberEvent.Kind.JOINED, "real-1", Member.Status.ALIVE, Map.of("role", "consul"));
        assertThat(rivals).isEmpty();
        watch.runOne();
        assertThat(rivals).containsExactly("real-1");
        hear(MemberEvent.Kind.JOINED, "real-2", Member.Status.ALIVE, Map.of("role", "consul"));
        assertThat(rivals).containsExactly("real-1");
    }
}
