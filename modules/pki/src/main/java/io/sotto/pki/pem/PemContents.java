package io.sotto.pki.pem;

import java.io.ByteArrayInputStream;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a PEM file holds. Reads certificates, revocation lists and private keys (PKCS#1, SEC1, PKCS#8, each also encrypted);
 * all else is named in the error of the one who looked for something that is not there. Immutable, for any thread.
 */
public final class PemContents {
    private final String name;
    private final List<PemBlock> blocks;
    private final Passphrase passphrase;

    private PemContents(String name, List<PemBlock> blocks, Passphrase passphrase) {
        this.name = name;
        this.blocks = List.copyOf(blocks);
        this.passphrase = passphrase;
    }

    /** Without a passphrase: encrypted keys are then refused by {@link #privateKey}. */
    public static PemContents of(PemSource source) throws PemException {
        return of(source, Passphrase.none());
    }

    public static PemContents of(PemSource source, Passphrase passphrase) throws PemException {
        List<PemBlock> blocks = PemBlocks.of(source);
        if (blocks.isEmpty()) {
            throw new PemException(source.name() + ": found no PEM block");
        }
        return new PemContents(source.name(), blocks, passphrase);
    }

    public String name() {
        return name;
    }

    public boolean holdsCertificates() {
        return blocks.stream().anyMatch(PemContents::isCertificate);
    }

    public boolean holdsKey() {
        return blocks.stream().anyMatch(PrivateKeys::isKey);
    }

    public boolean holdsRevocations() {
        return blocks.stream().anyMatch(PemContents::isRevocations);
    }

    /** All certificates in their order, at least one; throws if there is none or one cannot be read. */
    public List<X509Certificate> certificates() throws PemException {
        List<X509Certificate> found = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (isCertificate(block)) {
                found.add(certificate(block));
            }
        }
        if (found.isEmpty()) {
            throw new PemException(name + ": expected a certificate, found " + what());
        }
        return List.copyOf(found);
    }

    /** All revocation lists, at least one; throws if there is none or one cannot be read. */
    public List<X509CRL> revocations() throws PemException {
        List<X509CRL> found = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (isRevocations(block)) {
                try {
                    found.add((X509CRL) CertificateFactory.getInstance("X.509")
                            .generateCRL(new ByteArrayInputStream(block.content())));
                } catch (CRLException | CertificateException malformed) {
                    throw new PemException(block.place(name) + ": the revocation list cannot be read");
                }
            }
        }
        if (found.isEmpty()) {
            throw new PemException(name + ": expected a revocation list (X509 CRL), found " + what());
        }
        return List.copyOf(found);
    }

    /** The first private key; throws if there is none, it cannot be read, or it needs a passphrase that was not given. */
    public PrivateKey privateKey() throws PemException {
        for (PemBlock block : blocks) {
            if (PrivateKeys.isKey(block)) {
                return PrivateKeys.read(name, block, passphrase);
            }
        }
        throw new PemException(name + ": expected a private key, found " + what());
    }

    private static boolean isCertificate(PemBlock block) {
        return block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE");
    }

    private static boolean isRevocations(PemBlock block) {
        return block.label().equals("X509 CRL");
    }

    private X509Certificate certificate(PemBlock block) throws PemException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException malformed) {
            throw new PemException(block.place(name) + ": the certificate cannot be read");
        }
    }

    private String what() {
        return blocks.stream()
                .map(block -> PemBlocks.shown(block.label()))
                .distinct()
                .limit(8)
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return "PemContents[" + name + ": " + what() + "]";
    }
}
