package io.sotto.pki.pem;

/**
 * The bytes of one PEM file, and the name by which errors speak of it. Immutable. {@link #toString} shows the name and the
 * size only: the bytes may be a private key.
 */
public final class PemSource {
    private final String name;
    private final byte[] bytes;

    private PemSource(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /**
     * Some bytes under a name.
     *
     * @param name what people know it by, usually a path
     * @param bytes copied
     */
    public static PemSource of(String name, byte[] bytes) {
        return new PemSource(name, bytes.clone());
    }

    public String name() {
        return name;
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PemSource that
                && name.equals(that.name)
                && java.security.MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return name.hashCode() + bytes.length;
    }

    @Override
    public String toString() {
        return "PemSource[" + name + ", " + bytes.length + " bytes]";
    }
}
