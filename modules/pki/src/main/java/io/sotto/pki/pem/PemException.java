package io.sotto.pki.pem;

/** A PEM file that cannot be used. The text names the file, the place and what was found there, never its content. */
public final class PemException extends Exception {
    private static final long serialVersionUID = 1;

    public PemException(String text) {
        super(text);
    }
}
