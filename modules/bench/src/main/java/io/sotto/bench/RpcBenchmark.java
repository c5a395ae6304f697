package io.sotto.bench;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.bench.rpc.ArteryEcho;
import io.sotto.bench.rpc.ClosedLoop;
import io.sotto.bench.rpc.EchoKeys;
import io.sotto.bench.rpc.EchoSide;
import io.sotto.bench.rpc.GrpcEcho;
import io.sotto.bench.rpc.NettyEcho;
import io.sotto.bench.rpc.StreamsEcho;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Targets P7 to P11: calls over mutual TLS 1.3, ours beside gRPC-Java, Pekko Artery and the limits, in one process. What is
 * measured and how is told by the package {@link io.sotto.bench.rpc}.
 *
 * <p>Each cell is a number of calls in flight and a size of payload. In a round every stack has one turn, and the order moves
 * on by one from round to round; a ratio is the median over the rounds of ours over the other's. The limit of a cell is the
 * Streams echo for 64 B and 1 KiB with 16 and 256 in flight, and the Netty echo for the rest.
 */
final class RpcBenchmark implements Bench.Benchmark {
    private static final int[] SIZES = {64, 1 << 10, 64 << 10};
    private static final int[] IN_FLIGHT = {1, 16, 256};

    /** After so many calls the compilers have done what matters. */
    private static final int WARM_CALLS = 100_000;

    private final Path scratch;

    RpcBenchmark(Path scratch) {
        this.scratch = scratch;
    }

    private record Cell(int inFlight, int size) {
        String key() {
            return "c" + inFlight + "_" + (size < 1 << 10 ? size + "B" : size / (1 << 10) + "KiB");
        }

        boolean limitIsStreams() {
            return inFlight > 1 && size <= 1 << 10;
        }
    }

    @Override
    public Report run(boolean brief, PrintStream progress) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Report report = new Report("rpc: echo over mutual TLS 1.3, both ends in one process");
        EchoKeys keys = EchoKeys.fresh();
        try (EchoSide grpc = GrpcEcho.start(keys);
                EchoSide artery = ArteryEcho.start(keys, scratch);
                EchoSide streams = StreamsEcho.start(keys);
                EchoSide netty = NettyEcho.start(keys)) {
            for (EchoSide side : List.of(grpc, artery, streams, netty)) {
                warmUp(side, brief, progress);
            }
            for (int size : SIZES) {
                for (int inFlight : IN_FLIGHT) {
                    Cell cell = new Cell(inFlight, size);
                    progress.println("rpc: " + cell.key());
                    List<Side> sides = List.of(
                            new Side(grpc), new Side(artery), new Side(cell.limitIsStreams() ? streams : netty));
                    measure(cell, sides, brief);
                    sides.forEach(side -> report.note(side.line(cell)));
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

    private static void measure(Cell cell, List<Side> sides, boolean brief) throws InterruptedException {
        int rounds = brief ? 3 : 7;
        long turn = TimeUnit.MILLISECONDS.toNanos(brief ? 200 : 1_000);
        byte[] payload = new byte[cell.size];
        for (Side side : sides) {
            ClosedLoop.run(side.echo, payload, cell.inFlight, turn);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < sides.size(); i++) {
                Side side = sides.get((round + i) % sides.size());
                side.turns.add(ClosedLoop.run(side.echo, payload, cell.inFlight, turn));
            }
        }
    }

    /** A stack and what its turns in one cell found. */
    private static final class Side {
        final EchoSide echo;
        final List<ClosedLoop.Found> turns = new ArrayList<>();

        Side(EchoSide echo) {
            this.echo = echo;
        }

        double median(ToDoubleFunction<ClosedLoop.Found> figure) {
            return PairedRun.median(turns.stream().mapToDouble(figure).toArray());
        }

        String line(Cell cell) {
            return String.format(
                    Locale.ROOT,
                    "%-10s %-14s %8.0f/s  p50 %8.1f us  p99 %8.1f us  CPU %7.1f us",
                    cell.key(),
                    echo.name(),
                    median(ClosedLoop.Found::perSecond),
                    median(ClosedLoop.Found::p50),
                    median(ClosedLoop.Found::p99),
                    median(ClosedLoop.Found::cpu));
        }
    }
}
