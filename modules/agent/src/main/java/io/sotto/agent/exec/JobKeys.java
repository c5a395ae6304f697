package io.sotto.agent.exec;

import java.util.ArrayList;
import java.util.List;

/**
 * What the keys of one job are called. Immutable and pure.
 *
 * <pre>
 * PREFIX/SESSION/job              what is to be run
 *                NODE/ack         NODE will run it
 *                NODE/out/00000   its output, chunk by chunk, numbered in five hexadecimal digits; empty: it still runs
 *                NODE/exit        its exit code in decimal
 * </pre>
 *
 * <p>Source: agent behaviour, section 8.
 *
 * @param folder what all of them begin with, with a slash at its end
 */
public record JobKeys(String folder) {
    private static final String JOB = "job";
    private static final String ACK = "/ack";
    private static final String EXIT = "/exit";
    private static final String OUT = "/out/";

    /** The keys of the job of {@code session}; slashes too many in {@code prefix} mean nothing. */
    public static JobKeys of(String prefix, String session) {
        List<String> parts = new ArrayList<>();
        for (String part : prefix.split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        parts.add(session);
        return new JobKeys(String.join("/", parts) + "/");
    }

    /** One key of a job, read. */
    public sealed interface Key {
        /** What is to be run. */
        record Job() implements Key {}

        /** Somebody will run it. */
        record Ack(String node) implements Key {}

        /** A chunk of what it wrote. */
        record Output(String node, long number) implements Key {}

        /** It has ended. */
        record Exit(String node) implements Key {}

        /** Something else. */
        record Unknown(String name) implements Key {}
    }

    /** The key of the job itself. */
    public String job() {
        return folder + JOB;
    }

    String ack(String node) {
        return folder + node + ACK;
    }

    String exit(String node) {
        return folder + node + EXIT;
    }

    String output(String node, int number) {
        return folder + node + OUT + String.format("%05x", number);
    }

    /** What {@code name} is among the keys of this job. */
    public Key read(String name) {
        if (!name.startsWith(folder)) {
            return new Key.Unknown(name);
        }
        String rest = name.substring(folder.length());
        if (rest.equals(JOB)) {
            return new Key.Job();
        }
        if (rest.length() > ACK.length() && rest.endsWith(ACK)) {
            return new Key.Ack(rest.substring(0, rest.length() - ACK.length()));
        }
        if (rest.length() > EXIT.length() && rest.endsWith(EXIT)) {
            return new Key.Exit(rest.substring(0, rest.length() - EXIT.length()));
        }
        int out = rest.lastIndexOf(OUT);
        if (out > 0) {
            try {
                long number = Long.parseLong(rest.substring(out + OUT.length()), 16);
                return new Key.Output(rest.substring(0, out), number);
            } catch (NumberFormatException noNumber) {
                return new Key.Unknown(rest);
            }
        }
        return new Key.Unknown(rest);
    }
}
