package io.sotto.agent.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of the real agent that sotto does not have (yet): they load with a warning, so that files written for the real
 * agent work as they stand, and their types are checked all the same. Source: the real agent's configuration reference.
 */
final class LackingKeys {
    private static final String TEXTS = """
            acl_datacenter acl_down_policy acl.down_policy acl.token_ttl acl.policy_ttl acl.role_ttl acl.tokens.replication
            acl_replication_token acl_ttl alt_domain
            check_update_interval default_query_time discovery_max_stale license_path log_file log_rotate_duration max_query_time pid_file
            primary_datacenter primary_gateways_interval raft_snapshot_interval reconnect_timeout
            reconnect_timeout_wan segment serf_lan session_ttl_min
            server_name syslog_facility ui_content_path ui_dir addresses.dns addresses.grpc addresses.grpc_tls
            performance.leave_drain_time advertise.http advertise.rpc addresses.rpc addresses.serf
            """;
    private static final String SWITCHES = """
            acl.enable_key_list_policy acl.enable_token_persistence acl.enable_token_replication
            acl_enable_key_list_policy acl_enforce_version_8 bootstrap
            disable_anonymous_signature disable_host_node_id disable_http_unprintable_char_filter
            disable_update_check discard_check_output enable_acl_replication
            enable_agent_tls_for_checks enable_additional_node_meta_txt enable_central_service_config enable_debug
            enable_local_script_checks enable_script_checks enable_syslog leave_on_interrupt log_json non_voting_server
            tls_prefer_server_cipher_suites translate_wan_addrs
            tls.defaults.tls_prefer_server_cipher_suites tls.internal_rpc.tls_prefer_server_cipher_suites
            tls.enable_agent_tls_for_checks tls.grpc.use_auto_cert
            """;
    private static final String NUMBERS = """
            bootstrap_expect log_rotate_bytes log_rotate_max_files protocol raft_protocol raft_snapshot_threshold
            raft_trailing_logs ports.dns ports.grpc ports.grpc_tls
            ports.sidecar_min_port ports.sidecar_max_port ports.expose_min_port ports.expose_max_port
            check_output_max_size limits.txn_max_req_len
            performance.raft_multiplier
            """;
    private static final String LISTS = """
            checks recursors segments services serf_allowed_cidrs_lan serf_allowed_cidrs_wan
            watches primary_gateways
            """;
    private static final String TABLES = """
            auto_config auto_encrypt autopilot cache check config_entries connect dns_config
            http_config service snapshot_agent telemetry ui_config unix_sockets
            audit rpc client vault
            """;

    private static final Map<String, String> TYPES = types();

    private LackingKeys() {}

    /** Whether the real agent has this key, with dots between levels. */
    static boolean has(String key) {
        return TYPES.containsKey(key);
    }

    /** Whether a table of this name holds such keys, and perhaps others. */
    static boolean isTable(String key) {
        return TYPES.keySet().stream().anyMatch(known -> known.startsWith(key + "."));
    }

    /** The expected type, if {@code node} is of another. */
    static Optional<String> mismatch(String key, Node node) {
        String expected = TYPES.getOrDefault(key, "");
        boolean fits = switch (expected) {
            case "string" -> node instanceof Node.Text;
            case "bool" -> node instanceof Node.Bool;
            case "int" -> node instanceof Node.Whole;
            case "slice" -> node instanceof Node.Sequence || node instanceof Node.Table;
            default -> node instanceof Node.Table || node instanceof Node.Sequence;
        };
        return fits ? Optional.empty() : Optional.of(expected);
    }

    private static Map<String, String> types() {
        Map<String, String> types = new HashMap<>();
        put(types, TEXTS, "string");
        put(types, SWITCHES, "bool");
        put(types, NUMBERS, "int");
        put(types, LISTS, "slice");
        put(types, TABLES, "map");
        types.putAll(TransportKeys.lacking());
        return Map.copyOf(types);
    }

    private static void put(Map<String, String> types, String words, String type) {
        for (String word : words.trim().split("\\s+", -1)) {
            types.put(word, type);
        }
    }
}
