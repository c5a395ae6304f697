package io.sotto.bench;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.bench.rpc.ArteryEcho;
import io.sotto.bench.rpc.ClosedLoop;
import io.sotto.bench.rpc.EchoKeys;
import io.sotto.bench.rpc.EchoSide;
import io.sotto.bench.rpc.GrpcEcho;
import io.sotto.bench.rpc.NettyEcho;
import io.sotto.bench.rpc.SottoEcho;
import io.sotto.bench.rpc.StreamsEcho;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Targets P7 to P11: calls over mutual TLS 1.3, ours beside gRPC-Java, Pekko Artery and the limits, in one process. What is
 * measured and how is told by the package {@link io.sotto.bench.rpc}.
 *
 * <p>Each cell is a number of calls in flight and a size of payload. In a round every stack has one turn, and the order moves
 * on by one from round to round; a ratio is the median over the rounds of ours over the other's. The limit of a cell is the
 * Streams echo for 64 B and 1 KiB with 16 and 256 in flight, and the Netty echo for the rest. In the JSON object
 * {@code ratio_vs_} compares calls per second, {@code p50_vs_}, {@code p99_vs_} and {@code cpu_vs_} the rest.
 */
final class RpcBenchmark implements Bench.Benchmark {
    private static final int[] SIZES = {64, 1 << 10, 64 << 10};
    private static final int[] IN_FLIGHT = {1, 16, 256};
    /** After so many calls the compilers have done what matters. */
    private static final int WARM_CALLS = 100_000;
    /** Microseconds of Go's net/rpc with yamux and TLS for one call of 64 B at a time, recorded: no Go runs here. */
    private static final double GO_P50 = 47;

    private static final double GO_P99 = 145;

    private static final Figure RATE = new Figure("ratio", "rate", "/s", ClosedLoop.Found::perSecond);
    private static final Figure P50 = new Figure("p50", "median", "us", ClosedLoop.Found::p50);
    private static final Figure P99 = new Figure("p99", "99th percentile", "us", ClosedLoop.Found::p99);
    private static final Figure CPU = new Figure("cpu", "CPU of a call", "us", ClosedLoop.Found::cpu);

    private final Path scratch;

    RpcBenchmark(Path scratch) {
        this.scratch = scratch;
    }

    private record Figure(String key, String what, String unit, ToDoubleFunction<ClosedLoop.Found> of) {}

    private record Cell(int inFlight, int size) {
        String key() {
            return "c" + inFlight + "_" + (size < 1 << 10 ? size + "B" : size / (1 << 10) + "KiB");
        }

        boolean limitIsStreams() {
            return inFlight > 1 && size <= 1 << 10;
        }
    }

    /** What the stacks found in one cell. */
    private record Turns(Cell cell, Side sotto, Side grpc, Side artery, Side limit) {
        List<Side> all() {
            return List.of(sotto, grpc, artery, limit);
        }
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Report report = new Report("rpc: echo over mutual TLS 1.3, both ends in one process");
        EchoKeys keys = EchoKeys.fresh();
        try (EchoSide sotto = SottoEcho.start(keys);
                EchoSide grpc = GrpcEcho.start(keys);
                EchoSide artery = ArteryEcho.start(keys, scratch);
                EchoSide streams = StreamsEcho.start(keys);
                EchoSide netty = NettyEcho.start(keys)) {
            for (EchoSide side : List.of(sotto, grpc, artery, streams, netty)) {
                warmUp(side, brief, progress);
            }
            for (int size : SIZES) {
                for (int inFlight : IN_FLIGHT) {
                    Cell cell = new Cell(inFlight, size);
                    progress.println("rpc: " + cell.key());
                    Turns turns = new Turns(
                            cell,
                            new Side(sotto),
                            new Side(grpc),
                            new Side(artery),
                            new Side(cell.limitIsStreams() ? streams : netty));
                    measure(turns, brief);
                    tell(turns, report);
                    judge(turns, report);
                }
            }
        }
        return report;
    }

    /** By calls rather than by time alone: on a busy machine the compilers need longer. */
    private static void warmUp(EchoSide side, boolean brief, PrintStream progress) throws InterruptedException {
        progress.println("rpc: warming up " + side.name());
        long turn = TimeUnit.MILLISECONDS.toNanos(brief ? 250 : 500);
        long calls = 0;
        for (int i = 0; i < (brief ? 12 : 30) && calls < WARM_CALLS; i++) {
            calls += ClosedLoop.run(side, new byte[SIZES[0]], 256, turn).calls();
        }
    }

    private static void measure(Turns turns, boolean brief) throws InterruptedException {
        int rounds = brief ? 3 : 7;
        long turn = TimeUnit.MILLISECONDS.toNanos(brief ? 200 : 1_000);
        byte[] payload = new byte[turns.cell.size];
        List<Side> sides = turns.all();
        for (Side side : sides) {
            ClosedLoop.run(side.echo, payload, turns.cell.inFlight, turn);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < sides.size(); i++) {
                Side side = sides.get((round + i) % sides.size());
                side.found.add(ClosedLoop.run(side.echo, payload, turns.cell.inFlight, turn));
            }
        }
    }

    private static void tell(Turns turns, Report report) {
        turns.all().forEach(side -> report.note(side.line(turns.cell)));
        for (Figure figure : List.of(RATE, P50, P99, CPU)) {
            String key = turns.cell.key();
            report.grouped(figure.key + "_vs_grpc", key, turns.sotto.ratio(turns.grpc, figure));
            report.grouped(figure.key + "_vs_artery", key, turns.sotto.ratio(turns.artery, figure));
            report.grouped(figure.key + "_vs_limit", key, turns.sotto.ratio(turns.limit, figure));
        }
    }

    /** Holds the cells against the targets that they have. */
    private static void judge(Turns turns, Report report) {
        switch (turns.cell.key()) {
            case "c256_64B" -> {
                atLeast(report, "P7", turns, turns.grpc, 8);
                atLeast(report, "P7", turns, turns.limit, 0.6);
                atLeast(report, "P11", turns, turns.artery, 10);
            }
            case "c256_1KiB" -> {
                atLeast(report, "P8", turns, turns.grpc, 2.5);
                atLeast(report, "P8", turns, turns.artery, 2.5);
                atLeast(report, "P8", turns, turns.limit, 0.75);
            }
            case "c1_64B" -> {
                atMost(report, "P9", turns, P50, 0.65);
                atMost(report, "P9", turns, P99, 0.65);
                againstGo(report, turns, P50, GO_P50);
                againstGo(report, turns, P99, GO_P99);
            }
            case "c16_64KiB" -> atLeast(report, "P10", turns, turns.limit, 0.9);
            case "c16_64B" -> atLeast(report, "P11", turns, turns.artery, 10);
            default -> {
                // Only told.
            }
        }
    }

    private static void atLeast(Report report, String id, Turns turns, Side other, double target) {
        report.add(new Report.Line(
                id,
                what(turns, RATE, other.echo.name()),
                turns.sotto.median(RATE),
                Optional.of(other.median(RATE)),
                turns.sotto.ratio(other, RATE),
                Optional.of(target),
                RATE.unit,
                true));
    }

    private static void atMost(Report report, String id, Turns turns, Figure figure, double target) {
        report.add(new Report.Line(
                id,
                what(turns, figure, turns.grpc.echo.name()),
                turns.sotto.median(figure),
                Optional.of(turns.grpc.median(figure)),
                turns.sotto.ratio(turns.grpc, figure),
                Optional.of(target),
                figure.unit));
    }

    private static void againstGo(Report report, Turns turns, Figure figure, double recorded) {
        double ours = turns.sotto.median(figure);
        report.add(new Report.Line(
                "P9",
                what(turns, figure, "Go, as recorded"),
                ours,
                Optional.of(recorded),
                ours / recorded,
                Optional.of(1.0),
                figure.unit));
    }

    private static String what(Turns turns, Figure figure, String other) {
        return turns.cell.key() + " " + figure.what + ", against " + other;
    }

    /** A stack and what its turns in one cell found. */
    private static final class Side {
        final EchoSide echo;
        final List<ClosedLoop.Found> found = new ArrayList<>();

        Side(EchoSide echo) {
            this.echo = echo;
        }

        double median(Figure figure) {
            return PairedRun.median(found.stream().mapToDouble(figure.of).toArray());
        }

        /** The median over the rounds of ours over the other's. */
        double ratio(Side other, Figure figure) {
            double[] ratios = new double[found.size()];
            for (int round = 0; round < ratios.length; round++) {
                ratios[round] =
                        figure.of.applyAsDouble(found.get(round)) / figure.of.applyAsDouble(other.found.get(round));
            }
            return PairedRun.median(ratios);
        }

        String line(Cell cell) {
            return String.format(
                    Locale.ROOT,
                    "%-10s %-14s %8.0f/s  p50 %8.1f us  p99 %8.1f us  CPU %7.1f us",
                    cell.key(),
                    echo.name(),
                    median(RATE),
                    median(P50),
                    median(P99),
                    median(CPU));
        }
    }
}
