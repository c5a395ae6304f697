package io.sotto.agent.doctor;

import java.util.List;

/**
 * The file in which an agent keeps what upshifts changed beside its configuration.
 *
 * @param lines as they stand there, such as {@code tls.verify-outgoing = true}; none is a secret
 */
public record AppliedSeen(String path, List<String> lines) {
    public AppliedSeen {
        lines = List.copyOf(lines);
    }
}
