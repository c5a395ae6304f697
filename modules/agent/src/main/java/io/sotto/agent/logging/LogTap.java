package io.sotto.agent.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Lets others read along what the agent logs: the last lines first, then each new one. Keeps the last {@value #KEPT} lines.
 * Whoever reads too slowly loses lines, never the agent its time. Safe from any thread. Source: Consul's and Serf's
 * monitor, which keep as many.
 */
public final class LogTap extends AppenderBase<ILoggingEvent> {
    static final int KEPT = 512;

    /** Lines that wait for one slow reader. */
    private static final int WAITING_MAX = 1_024;

    private record Line(Level level, String text) {}

    private record Reader(Level from, Consumer<String> lines) {}

    private final AgentLayout layout;
    private final Deque<Line> recent = new ArrayDeque<>(KEPT);
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final Runnable readersChanged;

    LogTap(AgentLayout layout, Runnable readersChanged) {
        this.layout = layout;
        this.readersChanged = readersChanged;
    }

    /** Lines from this level on, each with the newline at its end, until the reader stops. */
    public Source<String, NotUsed> lines(Level from) {
        return Source.<String>queue(WAITING_MAX).watchTermination((queue, ended) -> {
            Reader reader = new Reader(from, queue::offer);
            add(reader);
            ended.whenComplete((done, failure) -> remove(reader));
            return NotUsed.getInstance();
        });
    }

    /** The lowest level that anybody reads; {@link Level#OFF} when nobody does. */
    Level lowest() {
        Level lowest = Level.OFF;
        for (Reader reader : readers) {
            lowest = reader.from.isGreaterOrEqual(lowest) ? lowest : reader.from;
        }
        return lowest;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Line line = new Line(event.getLevel(), layout.doLayout(event));
        synchronized (recent) {
            if (recent.size() == KEPT) {
                recent.removeFirst();
            }
            recent.addLast(line);
            for (Reader reader : readers) {
                tell(reader, line);
            }
        }
    }

    private void add(Reader reader) {
        synchronized (recent) {
            recent.forEach(line -> tell(reader, line));
            readers.add(reader);
        }
        readersChanged.run();
    }

    private void remove(Reader reader) {
        readers.remove(reader);
        readersChanged.run();
    }

    private static void tell(Reader reader, Line line) {
        if (line.level.isGreaterOrEqual(reader.from)) {
            reader.lines.accept(line.text);
        }
    }
}
