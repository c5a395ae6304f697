package io.sotto.membership.snapshot;

import io.sotto.membership.LamportFloors;
import io.sotto.wire.Octets;
import java.util.Optional;

/**
 * Decides what is written to a snapshot file and when: lines are gathered and appended together; the file is replaced as a
 * whole when it has grown too far, when it is not sound, and after anything went wrong with it.
 *
 * <p>One write is under way at a time; what changes meanwhile waits, in bounded memory, since the book can tell all of it
 * anew. One owner. Source: gossip specification, section 17.8; replacing what failed is ours.
 */
public final class SnapshotJournal {
    /** How a {@link Write} is to be done. */
    public enum Way {
        /** Behind what is there. */
        APPEND,
        /** In place of what is there, as one step. */
        REPLACE
    }

    /** What to write now. Answer it with {@link #written} or {@link #failed}. */
    public record Write(Way way, Octets bytes) {}

    /** Lines that wait, in characters; more of them than this are better told by replacing the file. */
    private static final int PENDING_MAX = 1 << 20;

    private final SnapshotBook book;
    private final StringBuilder pending = new StringBuilder();
    private Optional<Write> underWay = Optional.empty();
    private long fileBytes;
    private long replacedBytes;
    private boolean mustReplace;

    /**
     * Begins with what was read.
     *
     * @param fileBytes how long the file is
     * @param isSound whether lines may be appended to it: it exists, ends with a whole line and belongs to us alone
     */
    public SnapshotJournal(SnapshotBook book, long fileBytes, boolean isSound) {
        this.book = book;
        this.fileBytes = fileBytes;
        this.mustReplace = !isSound;
    }

    public SnapshotBook book() {
        return book;
    }

    /** How long the file is, as far as we have written it. */
    public long fileBytes() {
        return fileBytes;
    }

    /** A member is alive at this address. */
    public void joined(String name, String address) {
        add(book.joined(name, address));
    }

    /** A member has failed or left. */
    public void gone(String name) {
        add(book.gone(name));
    }

    /** The times seen by now. */
    public void seen(LamportFloors times) {
        add(book.seen(times));
    }

    /** This node leaves. */
    public void leave() {
        add(book.leave());
    }

    /** What is to be written, if anything is and nothing is being written. */
    public Optional<Write> due() {
        if (underWay.isPresent() || (pending.length() == 0 && !mustReplace)) {
            return Optional.empty();
        }
        boolean isWhole = pending.length() <= PENDING_MAX;
        Octets lines = Octets.utf8(pending.toString());
        pending.setLength(0);
        long grown = fileBytes + lines.length();
        // Long names may make even a fresh file as long as that, and rewriting it at once would help nobody.
        boolean replaces = mustReplace || !isWhole || (grown > 2 * replacedBytes && book.isDueForCompaction(grown));
        Write write = replaces ? new Write(Way.REPLACE, Octets.utf8(book.compacted())) : new Write(Way.APPEND, lines);
        underWay = Optional.of(write);
        return underWay;
    }

    /** Whether a write is under way. */
    public boolean isWriting() {
        return underWay.isPresent();
    }

    /** The write that was under way is done. */
    public void written() {
        underWay.ifPresent(this::written);
        underWay = Optional.empty();
    }

    private void written(Write done) {
        switch (done.way) {
            case APPEND -> fileBytes += done.bytes.length();
            case REPLACE -> {
                fileBytes = done.bytes.length();
                replacedBytes = fileBytes;
                mustReplace = false;
            }
        }
    }

    /** The write that was under way came to nothing, or to a part: the next one replaces the file. */
    public void failed() {
        underWay = Optional.empty();
        mustReplace = true;
    }

    /** What finds no room is told by the next replacement. */
    private void add(String lines) {
        if (pending.length() <= PENDING_MAX) {
            pending.append(lines);
        }
    }
}
