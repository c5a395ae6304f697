package io.sotto.wire.crypto;

/** The outcome of an operation on a {@link Keyring}. Source: gossip specification, section 6.2. */
public sealed interface KeyringChange {
    /** The ring as it is now; the same object as before when nothing had to change. */
    record Done(Keyring ring) implements KeyringChange {}

    /** Nothing changed. {@code text} is what the real system says. */
    record Refused(String text) implements KeyringChange {}
}
