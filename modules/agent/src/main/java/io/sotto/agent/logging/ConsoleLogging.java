package io.sotto.agent.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.sotto.agent.config.AgentSettings;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sets up logback when the first logger is asked for; found through {@code META-INF/services}.
 *
 * <p>Libraries beneath log from WARN on unless the agent logs DEBUG or TRACE. Safe from any thread.
 */
public final class ConsoleLogging extends ContextAwareBase implements Configurator {

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
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("console");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        apply(context, AgentSettings.LogLevel.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Changes how much is logged from now on, as the {@code log_level} setting says; at start and at each reload. */
    public static void level(AgentSettings.LogLevel level) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            apply(context, level);
        }
    }

    private static void apply(LoggerContext context, AgentSettings.LogLevel setting) {
        Level level = switch (setting) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
        boolean talkative = level.levelInt <= Level.DEBUG_INT;
        Level libraries = talkative || level.levelInt > Level.WARN_INT ? level : Level.WARN;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
        context.getLogger("io.sotto").setLevel(level);
        context.getLogger("agent").setLevel(level);
        // Reports a port that is taken with a stack trace; the agent tells the same in one line and ends.
        context.getLogger("org.apache.pekko.io.TcpListener").setLevel(Level.OFF);
        // Quotes the file that it cannot read, which may hold a key; what is wrong is told with the file's name and
        // line.
        context.getLogger("com.bertramlabs.plugins.hcl4j").setLevel(Level.OFF);
    }
}
