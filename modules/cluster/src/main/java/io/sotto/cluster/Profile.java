package io.sotto.cluster;

import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.ProtocolVersions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What kind of member this node presents itself as, which decides its tags. Pure and immutable.
 *
 * <p>Every member carries the tag {@code sotto}, by which sotto members find each other among the members of a pool; see
 * {@link SottoQuery}. The {@code build} tag always carries sotto's own version, in the form that Consul parses ({@code 0.1.0:} and the
 * revision), so that no peer takes this node for a Consul release. Source: gossip specification, section 19.1.
 */
public enum Profile {
    /** A plain Serf member: the tags that its settings name, and sotto's own. */
    SERF("serf"),
    /** A client agent of a Consul datacenter; the datacenter's leader registers it in the catalog. */
    CONSUL_CLIENT("consul-client"),
    /** A member of a Consul datacenter's pool without a role: listed by {@code members}, never in the catalog. */
    OBSERVER("observer"),
    /** A server of a region of its own in a Nomad pool, which takes only servers in; see {@link NomadMember}. */
    NOMAD("nomad");

    /** The tags by which Consul decides what a member is; taking one by hand would deceive its servers. */
    private static final Set<String> CONSULS_OWN = Set.of(
            "acls",
            "bootstrap",
            "build",
            "dc",
            "expect",
            "id",
            "nonvoter",
            "port",
            "raft_vsn",
            "read_replica",
            "role",
            "segment",
            "use_tls",
            "vsn",
            "vsn_max",
            "vsn_min",
            "wan_join_port");

    /** The same of Nomad's. */
    private static final Set<String> NOMADS_OWN = Set.of(
            "bootstrap",
            "build",
            "dc",
            "expect",
            "id",
            "mvn",
            "nonvoter",
            "port",
            "raft_vsn",
            "region",
            "revision",
            "role",
            "rpc_addr",
            "vsn");

    private static final Pattern NUMBERS = Pattern.compile("\\d+\\.\\d+\\.\\d+");

    private final String word;

    Profile(String word) {
        this.word = word;
    }

    /**
     * Reads the word of a settings file.
     *
     * @throws IllegalArgumentException naming the words there are
     */
    public static Profile parse(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        for (Profile profile : values()) {
            if (profile.word.equals(wanted)) {
                return profile;
            }
        }
        throw new IllegalArgumentException("profile \"" + word + "\" is none of "
                + Arrays.stream(values()).map(Profile::word).collect(Collectors.joining(", ")));
    }

    /** As settings spell it: {@code serf}, {@code consul-client}, {@code observer}, {@code nomad}. */
    public String word() {
        return word;
    }

    /** The protocol ranges that members of this kind advertise. */
    public ProtocolVersions versions() {
        return switch (this) {
            case SERF -> ProtocolVersions.SERF;
            case CONSUL_CLIENT, OBSERVER, NOMAD -> ProtocolVersions.CONSUL;
        };
    }

    /** Whether members of other datacenters are refused: the admission rule of Consul's LAN pools. */
    public boolean belongsToDatacenter() {
        return this == CONSUL_CLIENT || this == OBSERVER;
    }

    /**
     * The tags of this node, sorted by name.
     *
     * @param datacenter lower-case
     * @param nodeId a UUID
     * @param version sotto's own, such as {@code 0.1.0} or {@code 0.1.0-SNAPSHOT}; only its three numbers are told
     * @param revision a short commit hash, or empty
     * @param further what the settings add
     * @throws IllegalArgumentException if {@code further} takes a name that Consul's servers act upon, or sotto's
     */
    public Map<String, String> tags(
            String datacenter, String nodeId, String version, String revision, Map<String, String> further) {
        if (further.containsKey(SottoQuery.TAG)) {
            throw new IllegalArgumentException("tag \"" + SottoQuery.TAG + "\" is set by sotto itself");
        }
        Map<String, String> tags = new TreeMap<>(further);
        tags.put(SottoQuery.TAG, SottoQuery.TAG_VALUE);
        if (this == SERF) {
            return tags;
        }
        Set<String> taken = new TreeSet<>(further.keySet());
        taken.retainAll(this == NOMAD ? NOMADS_OWN : CONSULS_OWN);
        if (!taken.isEmpty()) {
            throw new IllegalArgumentException("tags " + taken + " belong to " + (this == NOMAD ? "Nomad" : "Consul")
                    + " and cannot be set with profile " + word);
        }
        tags.put("build", numbers(version) + ":" + revision);
        tags.put("dc", datacenter);
        tags.put("id", nodeId);
        if (this == NOMAD) {
            return tags;
        }
        tags.put("segment", "");
        tags.put("vsn", "2");
        tags.put("vsn_min", "2");
        tags.put("vsn_max", "3");
        if (this == CONSUL_CLIENT) {
            tags.put("acls", "0");
            tags.put("role", "node");
        }
        return tags;
    }

    /**
     * These tags as a server has them, by which the client agents of a datacenter find whom to call.
     *
     * @param tags those of {@link #CONSUL_CLIENT}
     * @param port where this node takes calls
     * @param usesTls whether it has certificate authorities, which is what real servers tell; it makes nobody use TLS
     */
    static Map<String, String> ofServer(Map<String, String> tags, int port, boolean usesTls) {
        Map<String, String> server = new TreeMap<>(tags);
        server.put("role", "consul");
        server.put("port", Integer.toString(port));
        if (usesTls) {
            server.put("use_tls", "1");
        }
        return server;
    }

    private static String numbers(String version) {
        Matcher found = NUMBERS.matcher(version);
        if (!found.find()) {
            throw new IllegalArgumentException("version \"" + version + "\" has no three numbers");
        }
        return found.group();
    }
}
