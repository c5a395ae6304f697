package io.sotto.cluster.upshift;

import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator has to do on an agent that takes no orders, so that it takes a stage: the lines of the file to change and the
 * command to run. The text never holds a key: it says where to read it.
 *
 * <p>What product an agent is of is read from its tags, which anybody can set; only words depend on it. Source: agent
 * specification, section 4; TLS specification, sections 1 and 4; Nomad specification, sections 1 and 4.
 */
public final class Mend {
    private static final String KEY = "the key, which \"sotto keyring list\" shows on any agent that holds it";

    private static final String ONE_BY_ONE = "; one agent at a time, the next when \"consul members\" shows it alive";

    private Mend() {}

    /** Which software an agent seems to be. */
    enum Product {
        SOTTO,
        CONSUL_SERVER,
        CONSUL_CLIENT,
        NOMAD,
        SERF;

        static Product of(Map<String, String> tags) {
            if (tags.containsKey(SottoQuery.TAG)) {
                return SOTTO;
            }
            return switch (tags.getOrDefault("role", "")) {
                case "consul" -> CONSUL_SERVER;
                case "node" -> tags.containsKey("build") ? CONSUL_CLIENT : SERF;
                case "nomad" -> NOMAD;
                default -> SERF;
            };
        }
    }

    /**
     * What takes an agent from the stage below to {@code target}; empty where there is nothing to do.
     *
     * @param tags its own, as gossip has them
     * @param datacenter of the pool
     */
    public static Optional<String> of(
            UpshiftKind kind, Map<String, String> tags, String datacenter, UpshiftStage target) {
        if (target == UpshiftStage.NONE) {
            return Optional.empty();
        }
        return Optional.of(
                switch (kind) {
                    case GOSSIP -> gossip(Product.of(tags), target);
                    case TLS -> tls(Product.of(tags), tags.getOrDefault("dc", datacenter), target);
                });
    }

    private static String gossip(Product product, UpshiftStage target) {
        boolean outgoing = target.isAtLeast(UpshiftStage.SENDING);
        boolean incoming = target == UpshiftStage.ENFORCED;
        return switch (product) {
            case CONSUL_SERVER, CONSUL_CLIENT -> """
                in a JSON file of its -config-dir, such as /etc/consul.d/gossip.json:
                  { "encrypt": "KEY", "encrypt_verify_incoming": %s, "encrypt_verify_outgoing": %s }
                with KEY = %s; then (a reload is not enough)
                  systemctl restart consul%s""".formatted(incoming, outgoing, KEY, ONE_BY_ONE);
            case SOTTO -> """
                in its configuration:
                  encrypt = "KEY", encrypt-verify-incoming = %s, encrypt-verify-outgoing = %s
                with KEY = %s; then
                  sotto reload""".formatted(incoming, outgoing, KEY);
            case SERF -> """
                Serf has no stage between plaintext and enforced: an agent with a key seals all that it sends and takes nothing \
                plain. Go on without it by name; once the others stand at sending, which takes both in, put
                  "encrypt_key": "KEY"
                into its JSON file (or -encrypt=KEY on its command line), with KEY = %s, and
                  systemctl restart serf
                From when the others begin to seal until that restart it is cut off from them""".formatted(KEY);
            case NOMAD -> """
                Nomad has no stage between plaintext and enforced: a server with a key seals all that it sends and takes nothing \
                plain. Go on without it by name; once the others stand at sending, which takes both in, put
                  server { encrypt = "KEY" }
                into its configuration (or -encrypt=KEY on its command line), with KEY = %s, and
                  systemctl restart nomad
                one server at a time, so that a quorum stays on one side. From when the others begin to seal until that restart it \
                is cut off from them""".formatted(KEY);
        };
    }

    private static String tls(Product product, String datacenter, UpshiftStage target) {
        boolean outgoing = target.isAtLeast(UpshiftStage.SENDING);
        boolean incoming = target == UpshiftStage.ENFORCED;
        return switch (product) {
            case CONSUL_SERVER, CONSUL_CLIENT -> {
                boolean isServer = product == Product.CONSUL_SERVER;
                String issue = target == UpshiftStage.READY
                        ? " (made by \"sotto tls cert create " + (isServer ? "-server" : "-client") + " -dc "
                                + datacenter + "\" beside the authority)"
                        : "";
                yield """
                in a JSON file of its -config-dir, such as /etc/consul.d/tls.json:
                  { "ca_file": "CA", "cert_file": "CERTIFICATE", "key_file": "KEY FILE",
                    "verify_incoming": %s, "verify_outgoing": %s, "verify_server_hostname": %s }
                with the paths of its files%s; then
                  systemctl restart consul%s""".formatted(incoming && isServer, outgoing, outgoing, issue, ONE_BY_ONE)
                        + (target == UpshiftStage.SENDING || !isServer
                                ? "\nThis cannot be seen from here: vouch for it when it is done"
                                : "");
            }
            case SOTTO ->
                "it takes no calls, so that nobody can see or order its TLS: set rpc.enabled = true in its configuration and"
                        + " restart it, or go on without it by name";
            case SERF -> "Serf makes no calls: go on without it by name";
            case NOMAD ->
                "the calls of Nomad are its own, and no member of this pool makes them: go on without it by name";
        };
    }
}
