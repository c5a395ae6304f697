package io.sotto.pki;

/** The side of a connection that a certificate may stand on. */
public enum Usage {
    /** The dialled side: serverAuth. */
    SERVER("1.3.6.1.5.5.7.3.1", "serverAuth"),
    /** The dialling side: clientAuth. */
    CLIENT("1.3.6.1.5.5.7.3.2", "clientAuth");

    static final String ANY = "2.5.29.37.0";

    private final String oid;
    private final String word;

    Usage(String oid, String word) {
        this.oid = oid;
        this.word = word;
    }

    /** The object identifier of the extended key usage. */
    public String oid() {
        return oid;
    }

    /** As people and tools write it. */
    public String word() {
        return word;
    }
}
