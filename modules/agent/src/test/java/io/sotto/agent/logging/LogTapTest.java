package io.sotto.agent.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogTapTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final LoggerContext context = new LoggerContext();
    private final LogTap tap;
    private final Logger agent = context.getLogger("agent.test");

    LogTapTest() {
        // As logback's own start gives it to the context of a program.
        context.setMDCAdapter(new LogbackMDCAdapter());
        ConsoleLogging logging = new ConsoleLogging();
        logging.setContext(context);
        logging.configure(context);
        tap = (LogTap) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("tap");
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private SinkQueueWithCancel<String> read(Level from) {
        return tap.lines(from).runWith(Sink.queue(), KIT.system());
    }

    private static String next(SinkQueueWithCancel<String> lines) {
        return lines.pull().toCompletableFuture().join().orElse("ended");
    }

    @Test
    void aReaderGetsTheLastLinesAndThenEachNewOne() {
        agent.info("before");
        SinkQueueWithCancel<String> lines = read(Level.INFO);

        assertThat(next(lines)).endsWith("[INFO]  agent.test: before\n");
        agent.warn("after");
        assertThat(next(lines)).endsWith("[WARN]  agent.test: after\n");
    }

    @Test
    void aReaderGetsNothingBelowItsLevel() {
        SinkQueueWithCancel<String> lines = read(Level.WARN);
        agent.info("too quiet");
        agent.error("loud");

        assertThat(next(lines)).endsWith("agent.test: loud\n");
    }

    @Test
    void aReaderMayAskForMoreThanTheConsoleShowsUntilItGoes() {
        SinkQueueWithCancel<String> lines = read(Level.DEBUG);
        agent.info("first");
        next(lines);
        agent.debug("deep");
        assertThat(next(lines)).endsWith("[DEBUG] agent.test: deep\n");

        lines.cancel();
        // A line that is refused shows the stream's end, which comes from another thread.
        while (agent.isDebugEnabled()) {
            Thread.onSpinWait();
        }
        assertThat(tap.lowest()).isEqualTo(Level.OFF);
    }

    @Test
    void onlyTheLastLinesAreKept() {
        for (int i = 0; i < LogTap.KEPT + 1; i++) {
            agent.info("line {}", i);
        }

        assertThat(next(read(Level.INFO))).endsWith("agent.test: line 1\n");
    }
}
