package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be written for a command that runs: its output chunk by chunk, one write after another, and its exit code once
 * it has ended and all of its output is written. Pure; used by one thread. Source: agent behaviour, section 8.
 */
final class JobRun {
    /** What a command's exit code is said to be when it was ended for taking too long; that of {@code timeout(1)}. */
    static final int KILLED = 124;

    private final JobKeys keys;
    private final String node;
    private final JobOutput output;
    private int number;
    private boolean writing;
    private boolean outputEnded;
    private Optional<Integer> exit = Optional.empty();
    private Optional<String> killed = Optional.empty();
    private boolean over;

    /**
     * One write.
     *
     * @param isLast whether it is the exit code
     */
    record Write(String key, Octets value, boolean isLast) {}

    JobRun(JobKeys keys, String node, JobOutput output) {
        this.keys = keys;
        this.node = node;
        this.output = output;
    }

    void add(Octets bytes, Instant now) {
        output.add(bytes, now);
    }

    boolean hasRoom() {
        return output.hasRoom();
    }

    void outputEnded() {
        if (!outputEnded) {
            outputEnded = true;
            endIfOver();
        }
    }

    void exited(int code) {
        if (exit.isEmpty()) {
            exit = Optional.of(code);
            endIfOver();
        }
    }

    /** It is about to be ended because of {@code remark}, which its output's last chunk will say. */
    void killed(String remark) {
        killed = Optional.of(remark);
    }

    boolean wasKilled() {
        return killed.isPresent();
    }

    /** Nobody need attend to it any more. */
    void over() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Its exit code, as others are told it. */
    int exitCode() {
        return killed.isPresent() ? KILLED : exit.orElse(KILLED);
    }

    /** What is to be written now; none while a write is under way. */
    Optional<Write> next(Instant now) {
        if (writing) {
            return Optional.empty();
        }
        Optional<Write> next = output.due(now).map(chunk -> new Write(keys.output(node, number++), chunk, false));
        if (next.isEmpty() && output.isDone()) {
            Octets code = Octets.wrap(Integer.toString(exitCode()).getBytes(StandardCharsets.US_ASCII));
            next = Optional.of(new Write(keys.exit(node), code, true));
        }
        writing = next.isPresent();
        return next;
    }

    void written() {
        writing = false;
    }

    private void endIfOver() {
        if (outputEnded && exit.isPresent()) {
            output.end(killed.orElse(""));
        }
    }
}
