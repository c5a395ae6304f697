package io.sotto.agent.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import io.sotto.agent.config.AgentSettings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Sets up logback when the first logger is asked for; found through {@code META-INF/services}.
 *
 * <p>Libraries beneath log from WARN on unless the agent logs DEBUG or TRACE. The console shows what the {@code log_level}
 * setting says; who reads along through {@link #tap} may ask for more. Safe from any thread.
 */
public final class ConsoleLogging extends ContextAwareBase implements Configurator {
    private static final String CONSOLE = "console";
    private static final String AUDIT = "audit";
    private static final String TAP = "tap";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        AgentLayout layout = new AgentLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        Threshold threshold = new Threshold();
        threshold.setContext(context);
        threshold.start();
        console.setContext(context);
        console.setName(CONSOLE);
        console.setEncoder(encoder);
        console.addFilter(threshold);
        console.start();
        LogTap tap = new LogTap(layout, () -> apply(context));
        tap.setContext(context);
        tap.setName(TAP);
        tap.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.addAppender(tap);
        apply(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Changes how much the console shows from now on, as the {@code log_level} setting says; at start and at each reload. */
    public static void level(AgentSettings.LogLevel level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.putObject(Threshold.class.getName(), logback(level));
            apply(context);
        }
    }

    /** Where others read along; empty when something else than this class set up the log. */
    public static Optional<LogTap> tap() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context ? tap(context) : Optional.empty();
    }

    private static Optional<LogTap> tap(LoggerContext context) {
        return context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(TAP) instanceof LogTap tap
                ? Optional.of(tap)
                : Optional.empty();
    }

    /** Logback's level of that name. */
    public static Level logback(AgentSettings.LogLevel level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }

    /** Libraries say less than we do, unless much is asked for. */
    private static Level libraries(Level own) {
        boolean talkative = own.levelInt <= Level.DEBUG_INT;
        return talkative || own.levelInt > Level.WARN_INT ? own : Level.WARN;
    }

    private static Level shown(LoggerContext context) {
        return context.getObject(Threshold.class.getName()) instanceof Level level ? level : Level.INFO;
    }

    private static synchronized void apply(LoggerContext context) {
        Level shown = shown(context);
        Level read = tap(context).map(LogTap::lowest).orElse(Level.OFF);
        Level level = read.isGreaterOrEqual(shown) ? shown : read;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries(level));
        context.getLogger("io.sotto").setLevel(level);
        context.getLogger("agent").setLevel(level);
        // Who did what is on record however little else is logged.
        context.getLogger(AUDIT).setLevel(Level.INFO);
        // Reports a port that is taken with a stack trace; the agent tells the same in one line and ends.
        context.getLogger("org.apache.pekko.io.TcpListener").setLevel(Level.OFF);
        // Quotes the file that it cannot read, which may hold a key; what is wrong is told with the file's name and
        // line.
        context.getLogger("com.bertramlabs.plugins.hcl4j").setLevel(Level.OFF);
    }

    /** Keeps from the console what only a reader of the tap asked for. */
    private static final class Threshold extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            Level shown = shown((LoggerContext) getContext());
            String logger = event.getLoggerName();
            if (logger.equals(AUDIT)) {
                return FilterReply.NEUTRAL;
            }
            boolean own = logger.startsWith("io.sotto") || logger.startsWith("agent");
            return event.getLevel().isGreaterOrEqual(own ? shown : libraries(shown))
                    ? FilterReply.NEUTRAL
                    : FilterReply.DENY;
        }
    }
}
