package io.sotto.pki.pem;

import java.util.Map;

/** One block between {@code -----BEGIN label-----} and its end. */
final class PemBlock {
    private final String label;
    private final Map<String, String> headers;
    private final byte[] content;
    private final int line;

    /**
     * Takes the bytes as they are.
     *
     * @param headers those of RFC 1421, such as {@code DEK-Info}; empty for all but old encrypted keys
     * @param line where its first line stands, from 1
     */
    PemBlock(String label, Map<String, String> headers, byte[] content, int line) {
        this.label = label;
        this.headers = Map.copyOf(headers);
        this.content = content;
        this.line = line;
    }

    String label() {
        return label;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] content() {
        return content;
    }

    /** For error texts. */
    String place(String file) {
        return file + ", line " + line;
    }

    @Override
    public String toString() {
        return "PemBlock[" + label + ", line " + line + "]";
    }
}
