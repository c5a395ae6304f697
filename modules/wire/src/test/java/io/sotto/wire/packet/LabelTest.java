package io.sotto.wire.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTest {
    private static final Octets OWN = Octets.utf8("own");
    private static final Octets PACKET = Octets.hex("0bcc");

    @Test
    void theLabelFoundMustBeTheOwnOneByteForByte() {
        assertAdmitted(labelled("own"), OWN, false);
        assertAdmitted(PACKET, Octets.empty(), false);
        assertRefused(labelled("Own"), OWN, false);
        assertRefused(labelled("ow"), OWN, false);
        assertRefused(labelled("own2"), OWN, false);
        assertRefused(PACKET, OWN, false);
        assertRefused(labelled("own"), Octets.empty(), false);
    }

    @Test
    void behindAProxyThatTakesLabelsOffALabelIsOneTooMany() {
        assertAdmitted(PACKET, OWN, true);
        assertAdmitted(PACKET, Octets.empty(), true);
        assertRefused(labelled("own"), OWN, true);
        assertRefused(labelled("own"), Octets.empty(), true);
    }

    @Test
    void cutAndEmptyHeadersAreRefused() {
        for (String hex : new String[] {"f4", "f400", "f40001", "f4036f77", "f4ff6f776e"}) {
            assertRefused(Octets.hex(hex), OWN, false);
        }
    }

    @Test
    void onlyOneHeaderIsTakenOff() {
        Octets twice = Octets.wrap(Label.add(OWN, Label.add(OWN, PACKET.toArray())));
        assertThat(Label.admit(twice, OWN, false)).isEqualTo(new Label.Admitted.Rest(OWN, labelled("own")));
    }

    @Test
    void whileALabelChangesTheOthersAreTakenTooAndNamed() {
        List<Octets> others = List.of(Octets.utf8("next"), Octets.empty());

        assertThat(Label.admit(labelled("own"), OWN, others, false)).isEqualTo(new Label.Admitted.Rest(OWN, PACKET));
        assertThat(Label.admit(labelled("next"), OWN, others, false))
                .isEqualTo(new Label.Admitted.Rest(Octets.utf8("next"), PACKET));
        assertThat(Label.admit(PACKET, OWN, others, false)).isEqualTo(new Label.Admitted.Rest(Octets.empty(), PACKET));
        assertThat(Label.admit(labelled("third"), OWN, others, false)).isInstanceOf(Label.Admitted.Refused.class);
        assertThat(Label.admit(PACKET, OWN, List.of(Octets.utf8("next")), false))
                .as("no label counts only where that is said")
                .isInstanceOf(Label.Admitted.Refused.class);
    }

    @Test
    void anEmptyPacketHasNoLabel() {
        assertThat(Label.admit(Octets.empty(), Octets.empty(), false))
                .isEqualTo(new Label.Admitted.Rest(Octets.empty()));
    }

    private static Octets labelled(String label) {
        return Octets.wrap(Label.add(Octets.utf8(label), PACKET.toArray()));
    }

    private static void assertAdmitted(Octets packet, Octets own, boolean skipCheck) {
        assertThat(Label.admit(packet, own, skipCheck)).isEqualTo(new Label.Admitted.Rest(own, PACKET));
    }

    private static void assertRefused(Octets packet, Octets own, boolean skipCheck) {
        assertThat(Label.admit(packet, own, skipCheck)).isInstanceOf(Label.Admitted.Refused.class);
    }
}
