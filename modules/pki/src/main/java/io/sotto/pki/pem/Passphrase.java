package io.sotto.pki.pem;

import java.util.Arrays;

/** What opens an encrypted private key. Never shown. Immutable; the empty one means that there is none. */
public final class Passphrase {
    private static final Passphrase NONE = new Passphrase(new char[0]);

    private final char[] characters;

    private Passphrase(char[] characters) {
        this.characters = characters;
    }

    public static Passphrase none() {
        return NONE;
    }

    /** One that is given; the characters are copied. */
    public static Passphrase of(char[] characters) {
        return new Passphrase(characters.clone());
    }

    boolean isEmpty() {
        return characters.length == 0;
    }

    char[] characters() {
        return characters.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Passphrase that && Arrays.equals(characters, that.characters);
    }

    @Override
    public int hashCode() {
        return characters.length;
    }

    @Override
    public String toString() {
        return isEmpty() ? "Passphrase[none]" : "Passphrase[hidden]";
    }
}
