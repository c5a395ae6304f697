package io.sotto.agent.access;

import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request that changes something, shows keys or was refused: who, from where, what, and how it ended. Of
 * a token only its accessor is told. Logger {@code audit}. For any thread. Source: ours.
 */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("audit");
    private static final int PATH_MAX_CHARS = 256;

    private AuditLog() {}

    /** Whether it is worth a line, however it ended. */
    static boolean isPrivileged(AccessCall call) {
        return switch (call.access()) {
            case AGENT_WRITE, OPERATOR_READ, OPERATOR_WRITE, KEYRING_READ, KEYRING_WRITE, EVENT_WRITE, EXEC_WRITE ->
                true;
            case SERVERS -> call.path().replaceAll("/+", "/").startsWith("/v1/agent/rpc/");
            case OPEN,
                    AGENT_READ,
                    NODE_READ,
                    SERVICE_READ,
                    EVENT_READ,
                    KEY_READ,
                    KEY_WRITE,
                    KEY_WRITE_ALL,
                    SESSION_READ,
                    SESSION_WRITE -> false;
        };
    }

    /** @param who an accessor */
    static void write(AccessCall call, String who, String outcome) {
        LOG.info(
                "who={} from={} what=\"{} {}\" needs={} outcome={}",
                who,
                call.remote().map(AuditLog::text).orElse("inside"),
                call.method(),
                printable(call.path()),
                call.access(),
                outcome);
    }

    private static String text(InetSocketAddress from) {
        String host = from.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + from.getPort();
    }

    /** What a stranger wrote, in one line and without quotes that end ours. */
    private static String printable(String path) {
        StringBuilder out = new StringBuilder();
        path.codePoints()
                .limit(PATH_MAX_CHARS)
                .forEach(c -> out.appendCodePoint(c < ' ' || c == 127 || c == '"' || c > 126 ? '?' : c));
        return out.toString();
    }
}
