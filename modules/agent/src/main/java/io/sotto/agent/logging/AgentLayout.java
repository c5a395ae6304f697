package io.sotto.agent.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One log line: {@code     2026-11-22T01:34:09.224Z [WARN]  agent: message}, with the stack trace of a throwable below.
 *
 * <p>Safe from any thread. Source: golden/config-and-keyring-cases.
 */
final class AgentLayout extends LayoutBase<ILoggingEvent> {
    /** Under which Pekko tells the path of the actor that speaks. */
    private static final String SOURCE = "pekkoSource";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder("    ");
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(tag(event.getLevel()));
        line.append(LoggerNames.shown(
                        event.getLoggerName(), event.getMDCPropertyMap().getOrDefault(SOURCE, "")))
                .append(": ");
        line.append(event.getFormattedMessage()).append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    /** In brackets, padded to the width of the longest. */
    private static String tag(Level level) {
        return switch (level.levelInt) {
            case Level.TRACE_INT -> "[TRACE] ";
            case Level.DEBUG_INT -> "[DEBUG] ";
            case Level.INFO_INT -> "[INFO]  ";
            case Level.WARN_INT -> "[WARN]  ";
            default -> "[ERROR] ";
        };
    }
}
