package io.sotto.agent.runtime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the agent is ready, and that it is ending, where systemd asked for it ({@code Type=notify}).
 *
 * <p>The datagram is sent by {@code systemd-notify}, as Java 17 has no Unix datagram sockets; the agent does not wait for
 * it. May be called from any thread. Source: sd_notify(3); architecture decision record 0013.
 */
final class ReadyNotice {
    /** Where systemd says that it wants to be told. */
    private static final String ASKED = "NOTIFY_SOCKET";

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final Optional<String> program;

    /** @param program what sends; empty if nobody asked */
    private ReadyNotice(Optional<String> program) {
        this.program = program;
    }

    /** As the variables of this process ask for. */
    static ReadyNotice asked() {
        return by("systemd-notify", System.getenv());
    }

    static ReadyNotice by(String program, Map<String, String> environment) {
        boolean asked = !environment.getOrDefault(ASKED, "").isEmpty();
        return new ReadyNotice(asked ? Optional.of(program) : Optional.empty());
    }

    /** Listeners are bound, whatever is still to be joined. */
    void ready(String node) {
        send("READY=1", "STATUS=Node " + node + " is running");
    }

    /** It leaves, or ends without leaving. */
    void stopping() {
        send("STOPPING=1", "STATUS=Ending");
    }

    private void send(String... lines) {
        program.ifPresent(sender -> {
            List<String> words = new ArrayList<>(List.of(sender));
            words.addAll(List.of(lines));
            try {
                CompletionStage<Process> sent = new ProcessBuilder(words)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .onExit();
                sent.thenAccept(ended -> {
                    if (ended.exitValue() != 0) {
                        LOG.warn("systemd could not be told {}: {} ended with {}", lines[0], sender, ended.exitValue());
                    }
                });
            } catch (IOException e) {
                LOG.warn(
                        "systemd could not be told {}, and will end the agent if it waits for it: {}. Install the"
                                + " package systemd, or set Type=exec in the unit",
                        lines[0],
                        e.getMessage());
            }
        });
    }
}
