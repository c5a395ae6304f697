package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts what a command writes into chunks for the store: one is due when {@value #CHUNK_MAX_BYTES} bytes are there, when
 * nothing came for half a second, and at the end; an empty one when there was none for as long as the initiator waits. A
 * chunk ends at the end of a line where that keeps it at least half full, since each is printed on lines of its own.
 *
 * <p>What exceeds the bound is counted and forgotten, and the last chunk says so. Pure; used by one thread. Source: agent
 * behaviour, section 8; the bound is ours.
 */
final class JobOutput {
    static final int CHUNK_MAX_BYTES = 4096;
    static final Duration IDLE = Duration.ofMillis(500);

    private static final int TAKEN_MAX_BYTES = 16 * CHUNK_MAX_BYTES;

    private final Duration heartbeat;
    private final long bytesMax;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private Instant lastByte;
    private Instant lastChunk;
    private long taken;
    private long dropped;
    private boolean ended;

    /**
     * @param heartbeat how long may pass without a chunk
     * @param bytesMax how much output is kept
     * @param now when the command began
     */
    JobOutput(Duration heartbeat, long bytesMax, Instant now) {
        this.heartbeat = heartbeat;
        this.bytesMax = bytesMax;
        this.lastByte = now;
        this.lastChunk = now;
    }

    /** Takes what the command wrote. */
    void add(Octets bytes, Instant now) {
        int kept = (int) Math.min(bytes.length(), bytesMax - taken);
        taken += kept;
        dropped += bytes.length() - kept;
        waiting.writeBytes(bytes.slice(0, kept).toArray());
        lastByte = now;
    }

    /** Whether more output may come now; if not, once chunks have been written. */
    boolean hasRoom() {
        return waiting.size() < TAKEN_MAX_BYTES;
    }

    /** The command writes no more; {@code remark}, which may be empty, goes after its output, whatever the bound says. */
    void end(String remark) {
        ended = true;
        StringBuilder last = new StringBuilder();
        if (dropped > 0) {
            last.append("\n[").append(dropped).append(" more bytes of output left out]\n");
        }
        if (!remark.isEmpty()) {
            last.append("\n[").append(remark).append("]\n");
        }
        waiting.writeBytes(last.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The chunk to be written now, empty for a heartbeat; none if it is not time. */
    Optional<Octets> due(Instant now) {
        boolean isIdle = ended || !now.isBefore(lastByte.plus(IDLE));
        if (waiting.size() >= CHUNK_MAX_BYTES || (waiting.size() > 0 && isIdle)) {
            lastChunk = now;
            return Optional.of(cut());
        }
        if (!ended && !now.isBefore(lastChunk.plus(heartbeat))) {
            lastChunk = now;
            return Optional.of(Octets.empty());
        }
        return Optional.empty();
    }

    /** Whether all of it has been cut into chunks. */
    boolean isDone() {
        return ended && waiting.size() == 0;
    }

    /** Bytes of output kept so far. */
    long taken() {
        return taken;
    }

    /** Bytes of output forgotten so far. */
    long dropped() {
        return dropped;
    }

    private Octets cut() {
        byte[] all = waiting.toByteArray();
        int length = Math.min(all.length, CHUNK_MAX_BYTES);
        if (all.length > CHUNK_MAX_BYTES) {
            for (int i = CHUNK_MAX_BYTES; i > CHUNK_MAX_BYTES / 2; i--) {
                if (all[i - 1] == '\n') {
                    length = i;
                    break;
                }
            }
        }
        waiting.reset();
        waiting.write(all, length, all.length - length);
        return Octets.wrap(Arrays.copyOf(all, length));
    }
}
