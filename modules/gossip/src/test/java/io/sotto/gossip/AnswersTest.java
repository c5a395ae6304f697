package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.message.SwimMessage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswersTest {
    @ParameterizedTest
    @EnumSource(Claims.class)
    void aTargetWithoutAPortIsPingedAtOurOwn(Claims claims) throws InterruptedException {
        assertThat(answers(claims).target(request("b", 0))).contains(Samples.address(3));
    }

    @Test
    void onlyUpstreamPingsWhoIsNoMember() throws InterruptedException {
        assertThat(answers(Claims.UPSTREAM).target(request("nobody", 0))).contains(Samples.address(3));
        assertThat(answers(Claims.GUARDED).target(request("nobody", 0))).isEmpty();
    }

    private static Answers answers(Claims claims) throws InterruptedException {
        try (VirtualSystem virtual = new VirtualSystem()) {
            Published<MembersView> view = Samples.view(virtual.system().ignoreRef(), Samples.member("b", 3));
            return Answers.create(claims, FloodSettings.defaults(), view, virtual.time(), 1);
        }
    }

    private static SwimMessage.IndirectPing request(String name, int port) {
        return new SwimMessage.IndirectPing(
                1, NodeAddress.of(Samples.address(3)).withPort(port), name, true, Optional.empty());
    }
}
