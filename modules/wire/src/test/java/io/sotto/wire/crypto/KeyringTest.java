package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyringTest {
    private static final GossipKey A = key(1);
    private static final GossipKey B = key(2);
    private static final GossipKey C = key(3);

    @Test
    void thePrimaryComesFirstAndDuplicatesAreDropped() {
        assertThat(Keyring.of(A, B, A, C, B).keys()).containsExactly(A, B, C);
        assertThat(Keyring.create(Optional.of(B), List.of(A, B))).isEqualTo(new KeyringChange.Done(Keyring.of(B, A)));
        assertThat(Keyring.of(A, B).primary()).contains(A);
        assertThat(Keyring.empty().primary()).isEmpty();
    }

    @Test
    void otherKeysNeedAPrimary() {
        assertThat(Keyring.create(Optional.empty(), List.of(A)))
                .isEqualTo(new KeyringChange.Refused("Empty primary key not allowed"));
        assertThat(Keyring.create(Optional.empty(), List.of())).isEqualTo(new KeyringChange.Done(Keyring.empty()));
    }

    @Test
    void usingAKeyKeepsTheOrderOfTheOthers() {
        assertThat(Keyring.of(A, B, C).use(C)).isEqualTo(new KeyringChange.Done(Keyring.of(C, A, B)));
        assertThat(Keyring.of(A, B).use(C)).isEqualTo(new KeyringChange.Refused("Requested key is not in the keyring"));
    }

    @Test
    void usingAKeyLeavesTheRingsOwnCopyOnTheRingAndNotTheCallersWhichMayBeWiped() {
        GossipKey callers = B.copy();
        Keyring used = ((KeyringChange.Done) Keyring.of(A, B).use(callers)).ring();
        assertThat(used.keys().get(0)).isSameAs(B).isNotSameAs(callers);
    }

    @Test
    void thePrimaryCannotBeRemovedAndAnAbsentKeyNeedNotBe() {
        Keyring ring = Keyring.of(A, B);
        assertThat(ring.remove(A)).isEqualTo(new KeyringChange.Refused("Removing the primary key is not allowed"));
        assertThat(ring.remove(B)).isEqualTo(new KeyringChange.Done(Keyring.of(A)));
        assertThat(ring.remove(C)).isEqualTo(new KeyringChange.Done(ring));
        assertThat(Keyring.empty().remove(A))
                .isEqualTo(new KeyringChange.Refused("Keyring is empty (encryption not enabled)"));
    }

    @Test
    void whatChangesNothingGivesTheSameRing() {
        Keyring ring = Keyring.of(A, B);
        for (KeyringChange change : List.of(ring.install(B), ring.use(A), ring.remove(C))) {
            assertThat(((KeyringChange.Done) change).ring()).isSameAs(ring);
        }
        assertThat(ring.keys()).as("never changes").containsExactly(A, B);
    }

    @Test
    void aRingHoldsOnlySoManyKeys() {
        Keyring ring = Keyring.empty();
        for (int i = 0; i < 64; i++) {
            ring = ((KeyringChange.Done) ring.install(key(i))).ring();
        }
        assertThat(ring.install(key(64))).isInstanceOf(KeyringChange.Refused.class);
        assertThat(ring.install(key(63))).isEqualTo(new KeyringChange.Done(ring));
    }

    private static GossipKey key(int first) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) first;
        return GossipKey.of(bytes);
    }
}
