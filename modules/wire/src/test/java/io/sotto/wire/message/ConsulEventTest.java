package io.sotto.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsulEventTest {
    /** What a real agent was seen to send; vector live-consul-lan. */
    private static final Octets REAL =
            Octets.hex("84a24944d92461646566303733632d356162332d346237622d383835622d303061323163393330636533"
                    + "a16ea568656c6c6fa170c405776f726c64a17601");

    private static final ConsulEvent HELLO = new ConsulEvent(
            "adef073c-5ab3-4b7b-885b-00a21c930ce3", "hello", Octets.utf8("world"), "", "", "", ConsulEvent.VERSION);

    @Test
    void isReadFromWhatARealAgentSent() {
        assertThat(ConsulEvent.decode(REAL)).contains(HELLO);
    }

    @Test
    void isWrittenAsARealAgentWritesIt() {
        assertThat(HELLO.encode()).isEqualTo(REAL);
        assertThat(HELLO.serfName()).isEqualTo("consul:event:hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 255, 256, 65_535, 65_536})
    void survivesTheWayThroughTheWire(int length) {
        ConsulEvent event = new ConsulEvent(
                "id", "n".repeat(length), Octets.wrap(new byte[length]), "^db", "web", "x".repeat(length), 1);

        assertThat(ConsulEvent.decode(event.encode())).contains(event);
    }

    @Test
    void whatIsNoEventIsNone() {
        assertThat(ConsulEvent.decode(Octets.utf8("srv"))).isEmpty();
        assertThat(ConsulEvent.decode(Octets.hex("84a24944d9ff"))).isEmpty();
    }

    @Test
    void privateNotesOfConsulAreNoEvents() {
        assertThat(ConsulEvent.isNamed("consul:new-leader")).isFalse();
        assertThat(ConsulEvent.isNamed("consul:event:x")).isTrue();
        assertThat(ConsulEvent.isNamed("deploy")).isFalse();
    }
}
