package io.sotto.agent.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sotto tls …}: the verbs about certificates, by two words or one more. */
final class TlsVerbs implements Verb {
    /**
     * A verb that was found.
     *
     * @param name its words
     * @param rest what follows them
     */
    record Found(Verb verb, String name, List<String> rest) {}

    @Override
    public String usage() {
        return """
            tls <verb> [options]

              Makes certificates for TLS between agents, and looks at them:

                tls ca create        make an authority
                tls cert create      make a certificate of a server, a client or a command line
                tls cert inspect     show what a file holds
                tls cert check       call a peer by TLS, and say what is wrong and how to mend it

              One verb: sotto tls cert create -h""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        throw new UsageException("tls takes ca create, cert create, cert inspect or cert check");
    }

    /** The verb that these words, {@code tls} the first of them, begin with. */
    static Found find(List<String> words) {
        Verb verb = words.size() < 3 ? null : named(words.get(1) + " " + words.get(2));
        return verb == null
                ? new Found(new TlsVerbs(), "tls", words.subList(1, words.size()))
                : new Found(verb, String.join(" ", words.subList(0, 3)), words.subList(3, words.size()));
    }

    private static @Nullable Verb named(String words) {
        return switch (words) {
            case "ca create" -> new TlsCaCreateVerb(CertificateFiles.here());
            case "cert create" -> new TlsCertCreateVerb(CertificateFiles.here());
            case "cert inspect" -> new TlsCertInspectVerb(CertificateFiles.here());
            case "cert check" -> new TlsCertCheckVerb(CertificateFiles.here());
            default -> null;
        };
    }
}
