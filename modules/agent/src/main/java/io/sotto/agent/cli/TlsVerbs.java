package io.sotto.agent.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code sotto tls …}: the verbs about certificates, by two words or one more. */
final class TlsVerbs implements Verb {
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

    @Override
    public Map<String, Supplier<Verb>> below() {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("ca create", () -> new TlsCaCreateVerb(CertificateFiles.here()));
        verbs.put("cert create", () -> new TlsCertCreateVerb(CertificateFiles.here()));
        verbs.put("cert inspect", () -> new TlsCertInspectVerb(CertificateFiles.here()));
        verbs.put("cert check", () -> new TlsCertCheckVerb(CertificateFiles.here()));
        return verbs;
    }
}
