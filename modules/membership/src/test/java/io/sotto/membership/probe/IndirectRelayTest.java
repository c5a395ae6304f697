package io.sotto.membership.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Members;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndirectRelayTest {
    private static final SwimMessage.Asker SELF = new SwimMessage.Asker(Members.address(10), "self");
    private static final SwimMessage.Ack ACK = new SwimMessage.Ack(90, Octets.hex("01ff"));

    @Test
    void pingsTheTargetWithANumberAndASourceOfItsOwn() {
        assertThat(relay(true).ping()).isEqualTo(new SwimMessage.Ping(90, "n", Optional.of(SELF)));
    }

    @Test
    void answersTheRequestersNumberWithoutThePayload() {
        IndirectRelay relay = relay(true);
        assertThat(relay.onAck(ACK)).contains(new SwimMessage.Ack(7, Octets.empty()));
        assertThat(relay.onTimeout()).isEmpty();
        assertThat(relay.onAck(ACK)).isEmpty();
    }

    @Test
    void saysNackAfterTheTimeoutAndNothingLater() {
        IndirectRelay relay = relay(true);
        assertThat(relay.onTimeout()).contains(new SwimMessage.Nack(7));
        assertThat(relay.onAck(ACK)).isEmpty();
        assertThat(relay.onTimeout()).isEmpty();
    }

    @Test
    void staysSilentForARequesterThatWantsNoNack() {
        assertThat(relay(false).onTimeout()).isEmpty();
    }

    @Test
    void ignoresAnAckOfAnotherNumber() {
        IndirectRelay relay = relay(true);
        assertThat(relay.onAck(new SwimMessage.Ack(7, Octets.empty()))).isEmpty();
        assertThat(relay.onTimeout()).isPresent();
    }

    private static IndirectRelay relay(boolean nack) {
        return new IndirectRelay(
                new SwimMessage.IndirectPing(7, Members.address(41), "n", nack, Optional.empty()), 90, SELF);
    }
}
