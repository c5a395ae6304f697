package io.sotto.agent.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.FilterReply;
import io.sotto.agent.config.AgentSettings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

final class ConsoleLoggingTest {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @AfterEach
    void restore() {
        ConsoleLogging.level(AgentSettings.LogLevel.INFO);
    }

    @ParameterizedTest
    @CsvSource({"TRACE, '[TRACE] '", "DEBUG, '[DEBUG] '", "INFO, '[INFO]  '", "WARN, '[WARN]  '", "ERROR, '[ERROR] '"})
    void aLineLooksLikeTheRealAgents(String level, String tag) {
        assertThat(line("agent", Level.toLevel(level), null))
                .isEqualTo("    2026-11-22T01:34:09.224Z " + tag + "agent: skipping file x\n");
    }

    @Test
    void aThrowableFollowsItsLine() {
        String text = line("agent", Level.ERROR, new IllegalStateException("broken"));
        assertThat(text).startsWith("    2026-11-22T01:34:09.224Z [ERROR] agent: skipping file x\njava.lang.Illegal");
        assertThat(text).contains("broken").contains("ConsoleLoggingTest");
    }

    @ParameterizedTest
    @CsvSource({
        "agent, agent",
        "agent.client.memberlist.lan, agent.client.memberlist.lan",
        "io.sotto.agent.runtime.AgentProcess, agent",
        "io.sotto.agent.http.HttpApi, agent.http",
        "io.sotto.gossip.Members, agent.client.memberlist.lan",
        "io.sotto.cluster.Sotto, agent.client.serf.lan",
        "io.sotto.rpc.link, agent.server.rpc",
        "io.sotto.rpc.tls.Tls, agent.tlsutil",
        "org.apache.pekko.actor.ActorSystem, agent.pekko",
        "audit, audit",
        "agentx.Y, agent.agentx.Y"
    })
    void loggersHaveTheRealAgentsNames(String name, String shown) {
        assertThat(LoggerNames.shown(name)).isEqualTo(shown);
    }

    @Test
    void thisConfiguratorIsTheOneThatLogbackFinds() {
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console"))
                .isNotNull();
    }

    @Test
    void theLevelChangesAtRunTimeAndLibrariesStayQuiet() {
        ConsoleLogging.level(AgentSettings.LogLevel.INFO);
        assertThat(context.getLogger("agent").isInfoEnabled()).isTrue();
        assertThat(context.getLogger("io.sotto.gossip").isDebugEnabled()).isFalse();
        assertThat(context.getLogger("org.apache.pekko").isInfoEnabled()).isFalse();
        ConsoleLogging.level(AgentSettings.LogLevel.DEBUG);
        assertThat(context.getLogger("io.sotto.gossip").isDebugEnabled()).isTrue();
        assertThat(context.getLogger("org.apache.pekko").isDebugEnabled()).isTrue();
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        assertThat(context.getLogger("agent").isWarnEnabled()).isFalse();
        assertThat(context.getLogger("org.apache.pekko").isWarnEnabled()).isFalse();
    }

    @Test
    void whoDidWhatIsOnRecordHoweverLittleElseIsLogged() {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        assertThat(context.getLogger("audit").isInfoEnabled()).isTrue();
        Appender<ILoggingEvent> console =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
        for (String logger : List.of("audit", "agent")) {
            LoggingEvent event =
                    new LoggingEvent("", context.getLogger(logger), Level.INFO, "x", null, new Object[] {});
            assertThat(console.getFilterChainDecision(event))
                    .isEqualTo(logger.equals("audit") ? FilterReply.NEUTRAL : FilterReply.DENY);
        }
    }

    private String line(String logger, Level level, @Nullable Throwable thrown) {
        LoggingEvent event =
                new LoggingEvent("", context.getLogger(logger), level, "skipping file {}", thrown, new Object[] {"x"});
        event.setInstant(Instant.parse("2026-11-22T01:34:09.224Z"));
        return new AgentLayout().doLayout(event);
    }
}
