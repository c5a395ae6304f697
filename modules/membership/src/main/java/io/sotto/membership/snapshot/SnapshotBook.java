package io.sotto.membership.snapshot;

import io.sotto.membership.LamportFloors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a snapshot file says, read line by line and brought up to date change by change.
 *
 * <p>Each change answers with the line that records it, complete with its newline, or empty where there is nothing to
 * record. A line that cannot be read is skipped; a name that would break its line is never recorded. Holds at most as many
 * members as it is told. One owner. Source: gossip specification, section 17.8; Serf, snapshot.go.
 */
public final class SnapshotBook {
    private static final String ALIVE = "alive: ";
    private static final String NOT_ALIVE = "not-alive: ";
    private static final String CLOCK = "clock: ";
    private static final String EVENT_CLOCK = "event-clock: ";
    private static final String QUERY_CLOCK = "query-clock: ";
    private static final String COORDINATE = "coordinate: ";
    private static final String LEAVE = "leave";
    private static final String COMMENT = "#";
    private static final String NEWLINE = "\n";
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** A file smaller than this is never worth rewriting; of a larger one so much is granted to each member. */
    private static final long COMPACT_FROM_BYTES = 128 * 1_024;

    private static final long BYTES_PER_MEMBER = 2 * 128;

    private final boolean rejoinAfterLeave;
    private final int membersMax;
    private final Map<String, String> alive = new LinkedHashMap<>();
    private LamportFloors floors = LamportFloors.none();
    private boolean left;
    private long skipped;

    /**
     * Without any member.
     *
     * @param rejoinAfterLeave whether a leave leaves what was known in place
     * @param membersMax names that are kept; more are skipped
     */
    public SnapshotBook(boolean rejoinAfterLeave, int membersMax) {
        this.rejoinAfterLeave = rejoinAfterLeave;
        this.membersMax = membersMax;
    }

    /** The members last known to be alive, oldest first: their names and addresses as text. A view. */
    public Map<String, String> alive() {
        return Collections.unmodifiableMap(alive);
    }

    public LamportFloors floors() {
        return floors;
    }

    /** Lines that could not be read, or that there was no room for. */
    public long skipped() {
        return skipped;
    }

    /** Takes over one line of a file, without its newline. */
    public void replay(String line) {
        if (line.startsWith(ALIVE)) {
            replayAlive(line.substring(ALIVE.length()));
        } else if (line.startsWith(NOT_ALIVE)) {
            alive.remove(line.substring(NOT_ALIVE.length()));
        } else if (line.startsWith(CLOCK)) {
            number(line, CLOCK).ifPresent(time -> floors = new LamportFloors(time, floors.event(), floors.query()));
        } else if (line.startsWith(EVENT_CLOCK)) {
            number(line, EVENT_CLOCK)
                    .ifPresent(time -> floors = new LamportFloors(floors.member(), time, floors.query()));
        } else if (line.startsWith(QUERY_CLOCK)) {
            number(line, QUERY_CLOCK)
                    .ifPresent(time -> floors = new LamportFloors(floors.member(), floors.event(), time));
        } else if (line.equals(LEAVE)) {
            if (!rejoinAfterLeave) {
                alive.clear();
                floors = LamportFloors.none();
            }
        } else if (!line.startsWith(COORDINATE) && !line.startsWith(COMMENT)) {
            skipped++;
        }
    }

    /** A line was there that is no text worth reading, such as one without an end. */
    public void skip() {
        skipped++;
    }

    /** A member is alive at this address. */
    public String joined(String name, String address) {
        if (left || !isRecordable(name) || !hasRoomFor(name) || address.equals(alive.put(name, address))) {
            return "";
        }
        return aliveLine(name, address);
    }

    /** A member has failed or left. */
    public String gone(String name) {
        return left || alive.remove(name) == null ? "" : NOT_ALIVE + name + NEWLINE;
    }

    /** The times seen by now; those that are no greater than before are no news. */
    public String seen(LamportFloors times) {
        if (left) {
            return "";
        }
        LamportFloors before = floors;
        floors = new LamportFloors(
                greater(before.member(), times.member()),
                greater(before.event(), times.event()),
                greater(before.query(), times.query()));
        return changed(CLOCK, before.member(), floors.member())
                + changed(EVENT_CLOCK, before.event(), floors.event())
                + changed(QUERY_CLOCK, before.query(), floors.query());
    }

    /** This node leaves; nothing is recorded after that. */
    public String leave() {
        if (left) {
            return "";
        }
        left = true;
        if (!rejoinAfterLeave) {
            alive.clear();
        }
        return LEAVE + NEWLINE;
    }

    public boolean hasLeft() {
        return left;
    }

    /** All of it in as few lines as can be. */
    public String compacted() {
        StringBuilder text = new StringBuilder();
        alive.forEach((name, address) -> text.append(aliveLine(name, address)));
        text.append(clockLine(CLOCK, floors.member()))
                .append(clockLine(EVENT_CLOCK, floors.event()))
                .append(clockLine(QUERY_CLOCK, floors.query()));
        if (left) {
            text.append(LEAVE).append(NEWLINE);
        }
        return text.toString();
    }

    /** Whether a file of this size says so much that is no longer so that it is worth rewriting. */
    public boolean isDueForCompaction(long fileBytes) {
        return fileBytes > Math.max(COMPACT_FROM_BYTES, BYTES_PER_MEMBER * alive.size());
    }

    private void replayAlive(String info) {
        int space = info.lastIndexOf(' ');
        String name = info.substring(0, Math.max(space, 0));
        if (space < 0 || !hasRoomFor(name)) {
            skipped++;
            return;
        }
        alive.put(name, info.substring(space + 1));
    }

    private boolean hasRoomFor(String name) {
        return alive.size() < membersMax || alive.containsKey(name);
    }

    private Optional<Long> number(String line, String prefix) {
        String digits = line.substring(prefix.length());
        if (NUMBER.matcher(digits).matches()) {
            try {
                return Optional.of(Long.parseUnsignedLong(digits));
            } catch (NumberFormatException e) {
                // Longer than 64 bits.
            }
        }
        skipped++;
        return Optional.empty();
    }

    private static boolean isRecordable(String name) {
        // What followed a newline would be read as a line of its own: anybody could have us leave, or join them.
        return name.indexOf('\n') < 0;
    }

    private static long greater(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private static String changed(String prefix, long before, long after) {
        return before == after ? "" : clockLine(prefix, after);
    }

    private static String clockLine(String prefix, long time) {
        return prefix + Long.toUnsignedString(time) + NEWLINE;
    }

    private static String aliveLine(String name, String address) {
        return ALIVE + name + " " + address + NEWLINE;
    }
}
