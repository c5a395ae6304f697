package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import org.junit.jupiter.api.Test;

class RingAgreementTest {
    private static final GossipKey A = GossipKey.of(new byte[16]);
    private static final GossipKey B = GossipKey.of(new byte[32]);

    @Test
    void ringsOfTheSameKeysAndPrimaryAgree() {
        assertThat(RingAgreement.difference(Keyring.empty(), Keyring.empty())).isEmpty();
        assertThat(RingAgreement.difference(Keyring.of(A), Keyring.of(A))).isEmpty();
        GossipKey third = GossipKey.of(new byte[24]);
        assertThat(RingAgreement.difference(Keyring.of(A, B, third), Keyring.of(A, third, B)))
                .isEmpty();
    }

    @Test
    void everyDifferenceIsNamedByIds() {
        assertThat(RingAgreement.difference(Keyring.of(A), Keyring.empty()))
                .contains("the LAN pool has keys, the WAN pool none");
        assertThat(RingAgreement.difference(Keyring.empty(), Keyring.of(A)))
                .contains("the WAN pool has keys, the LAN pool none");
        assertThat(RingAgreement.difference(Keyring.of(A, B), Keyring.of(B, A)))
                .contains("the primary key of the LAN pool is " + A.id() + ", that of the WAN pool " + B.id());
        assertThat(RingAgreement.difference(Keyring.of(A), Keyring.of(A, B)).orElseThrow())
                .startsWith("the LAN pool holds the keys [" + A.id() + "], the WAN pool [")
                .contains(B.id());
    }
}
