package io.sotto.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Targets P5 and P6: what a datagram costs a flooded member, from the socket to its end at the router, against a raw loop
 * that receives, opens and decodes. The flood comes from a process of its own, and goes to the two in turn.
 *
 * <p>The figure is the processor time of the receiving process, kernel included, over the datagrams that it took to their
 * end. Nearly all gossip says nothing new, and so does the flood: its members are learnt during the warm-up.
 */
final class DatapathBenchmark implements Bench.Benchmark {
    private static final double TARGET = 1.6;
    private static final int INTRODUCTIONS_MAX = 100;
    /** The options that the launcher gives an agent; the limit gets the same. */
    private static final List<String> OPTIONS =
            List.of("-XX:+UseSerialGC", "-Xss256k", "-Xms16m", "-Xmx256m", "-Xlog:disable");

    private final String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private final String classPath = System.getProperty("java.class.path");

    /** What a receiver has handled and used at one moment. */
    private record Mark(long known, long handled, long read, long cpuNanos, long allocatedBytes, long nanos) {
        static Mark parse(String line) {
            String[] words = line.split(" ", -1);
            return new Mark(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]));
        }
    }

    /** One flood of one receiver, by datagram handled. */
    private record Flood(double cpuMicros, double perSecond, double garbageBytes, double unhandled, double readInVain) {
        static Flood between(Mark before, Mark after, long sent) {
            double handled = after.handled - before.handled;
            return new Flood(
                    (after.cpuNanos - before.cpuNanos) / handled / 1_000,
                    handled * 1e9 / (after.nanos - before.nanos),
                    (after.allocatedBytes - before.allocatedBytes) / handled,
                    1 - handled / sent,
                    (after.read - before.read - handled) / sent);
        }
    }

    /** A receiver and the port that it is flooded at. */
    private record Receiver(Dialogue process, int port) {
        Mark mark() throws IOException {
            process.ask("mark");
            return Mark.parse(process.answer());
        }
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        Report report = new Report("datapath: one datagram under flood, against a raw loop in the same run");
        try (Dialogue sender = start(FloodSender.class);
                Dialogue pool = start(PoolReceiver.class);
                Dialogue raw = start(RawReceiver.class)) {
            sender.answer();
            Receiver ours = receiver(pool);
            Receiver limit = receiver(raw);
            progress.println("datapath: introducing the members");
            introduce(sender, ours);
            measure("P5", 8, brief, report, progress, sender, ours, limit);
            measure("P6", 1, brief, report, progress, sender, ours, limit);
        }
        return report;
    }

    /** Until all members are known: what is measured is gossip that says nothing new. */
    private static void introduce(Dialogue sender, Receiver receiver) throws IOException {
        for (int i = 0; receiver.mark().known < FloodPackets.MEMBERS; i++) {
            if (i == INTRODUCTIONS_MAX) {
                throw new IOException(
                        "of " + FloodPackets.MEMBERS + " members the pool knows only " + receiver.mark().known);
            }
            sender.ask(receiver.port + " 0 0");
            sender.answer();
        }
    }

    private static void measure(
            String id,
            int parts,
            boolean brief,
            Report report,
            PrintStream progress,
            Dialogue sender,
            Receiver ours,
            Receiver limit)
            throws IOException {
        int pairs = brief ? 3 : 9;
        long millis = brief ? 700 : 2_000;
        String what = parts == 1 ? "one alive message" : parts + " alive messages";
        progress.println("datapath: warming up with " + what);
        warmUp(sender, ours, parts, brief);
        warmUp(sender, limit, parts, brief);
        List<Flood> oursFloods = new ArrayList<>();
        List<Flood> limitFloods = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            progress.println("datapath: " + what + ", pair " + (pair + 1) + " of " + pairs);
            if (pair % 2 == 0) {
                limitFloods.add(flood(sender, limit, parts, millis));
                oursFloods.add(flood(sender, ours, parts, millis));
            } else {
                oursFloods.add(flood(sender, ours, parts, millis));
                limitFloods.add(flood(sender, limit, parts, millis));
            }
        }
        double[] ratios = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            ratios[pair] = oursFloods.get(pair).cpuMicros / limitFloods.get(pair).cpuMicros;
        }
        report.add(new Report.Line(
                id,
                "CPU of a datagram of " + what,
                median(oursFloods, Flood::cpuMicros),
                Optional.of(median(limitFloods, Flood::cpuMicros)),
                PairedRun.median(ratios),
                Optional.of(TARGET),
                "us"));
        told(report, id, "rate", median(oursFloods, Flood::perSecond), median(limitFloods, Flood::perSecond), "/s");
        told(
                report,
                id,
                "garbage of a datagram",
                median(oursFloods, Flood::garbageBytes),
                median(limitFloods, Flood::garbageBytes),
                "B");
        report.note(String.format(
                Locale.ROOT,
                "%s: of the flood %.0f %% were not handled by ours (%.0f %% read and dropped), %.0f %% by the limit",
                id,
                100 * median(oursFloods, Flood::unhandled),
                100 * median(oursFloods, Flood::readInVain),
                100 * median(limitFloods, Flood::unhandled)));
    }

    private static void told(Report report, String id, String what, double ours, double limit, String unit) {
        report.add(new Report.Line(id, what, ours, Optional.of(limit), ours / limit, Optional.empty(), unit));
    }

    /** By datagrams rather than by time: on a busy machine the compilers need longer. */
    private static void warmUp(Dialogue sender, Receiver receiver, int parts, boolean brief) throws IOException {
        long enough = receiver.mark().handled + (brief ? 250_000 : 1_000_000);
        while (receiver.mark().handled < enough) {
            flood(sender, receiver, parts, 1_000);
        }
    }

    private static Flood flood(Dialogue sender, Receiver receiver, int parts, long millis) throws IOException {
        Mark before = receiver.mark();
        sender.ask(receiver.port + " " + parts + " " + millis);
        long sent = Long.parseLong(sender.answer());
        Mark after = settled(receiver);
        return Flood.between(before, after, sent);
    }

    /** Waits until the receiver has taken what still waited when the flood ended: that belongs to it. */
    private static Mark settled(Receiver receiver) throws IOException {
        Mark last = receiver.mark();
        while (true) {
            Mark next = receiver.mark();
            if (next.handled == last.handled) {
                return last;
            }
            last = next;
        }
    }

    private static double median(List<Flood> floods, ToDoubleFunction<Flood> figure) {
        return PairedRun.median(floods.stream().mapToDouble(figure).toArray());
    }

    private static Receiver receiver(Dialogue process) throws IOException {
        return new Receiver(process, Integer.parseInt(process.answer().replace("port ", "")));
    }

    private Dialogue start(Class<?> main) throws IOException {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath, main.getName()));
        return Dialogue.start(command);
    }
}
