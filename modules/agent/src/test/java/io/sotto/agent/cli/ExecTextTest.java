package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.exec.ExecProgress;
import io.sotto.wire.Octets;
import org.junit.jupiter.api.Test;

final class ExecTextTest {
    private static String lines(String node, String output) {
        return ExecText.lines(new ExecProgress.Event.Said(node, Octets.utf8(output)), false);
    }

    @Test
    void outputIsToldAsTheRealToolTellsIt() {
        String golden = Golden.text("exec-session.txt");
        assertThat(golden).contains("\n" + lines("dd", "up 32 minutes\n") + "\n==> dd");
        assertThat(golden).contains("\n" + lines("dd", "\nerr\n") + "\n==> dd");
        assertThat(golden)
                .contains("\n" + ExecText.lines(new ExecProgress.Event.Finished("dd", 3), false) + "\n1 / 1 node(s)");
    }

    @Test
    void whoTookItUpIsToldOnlyToWhoeverWantsToKnow() {
        ExecProgress.Event ack = new ExecProgress.Event.Acknowledged("dd");
        assertThat(ExecText.lines(ack, false)).isEmpty();
        assertThat(ExecText.lines(ack, true)).isEqualTo("==> dd: acknowledged");
        assertThat(ExecText.lines(new ExecProgress.Event.Heartbeat("dd"), true))
                .isEqualTo("==> dd: heartbeat received");
    }

    @Test
    void whatOthersWroteDoesNotSteerTheTerminal() {
        assertThat(lines("d\u001bd", "\u001b[2Jx\r\ny")).isEqualTo("    d\\u001bd: \\u001b[2Jx\n    d\\u001bd: y");
    }

    @Test
    void programsGetOneObjectEach() {
        assertThat(ExecText.json(new ExecProgress.Event.Said("dd", Octets.utf8("a\n")))
                        .compact())
                .isEqualTo("{\"event\":\"output\",\"node\":\"dd\",\"text\":\"a\\n\"}");
        assertThat(ExecText.json(new ExecProgress.Event.Finished("dd", 3)).compact())
                .isEqualTo("{\"event\":\"finished\",\"node\":\"dd\",\"code\":3}");
    }
}
