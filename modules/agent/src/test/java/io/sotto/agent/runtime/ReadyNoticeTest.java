package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What systemd is told, by a program in the place of systemd-notify that passes on what it was called with. */
@Timeout(60)
final class ReadyNoticeTest {
    private static final Map<String, String> ASKED = Map.of("NOTIFY_SOCKET", "/run/somewhere");

    @TempDir
    private Path directory;

    /** Reads what the program was called with; it waits in the pipe until then. */
    private List<String> said(Path pipe) throws Exception {
        return Files.readAllLines(pipe);
    }

    private Path pipe() throws Exception {
        Path pipe = directory.resolve("said");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    private String sender(Path pipe) throws Exception {
        Path sender = Files.writeString(
                directory.resolve("systemd-notify"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + pipe + "'\n");
        Files.setPosixFilePermissions(sender, PosixFilePermissions.fromString("rwx------"));
        return sender.toString();
    }

    private static List<String> logged(Runnable work) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("agent");
        logger.addAppender(log);
        try {
            work.run();
        } finally {
            logger.detachAppender(log);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void tellsThatTheAgentIsReadyAndThatItEnds() throws Exception {
        Path pipe = pipe();
        ReadyNotice notice = ReadyNotice.by(sender(pipe), ASKED);
        notice.ready("one");
        assertThat(said(pipe)).containsExactly("READY=1", "STATUS=Node one is running");
        notice.stopping();
        assertThat(said(pipe)).containsExactly("STOPPING=1", "STATUS=Ending");
    }

    @Test
    void aProgramThatIsMissingIsNamedInTheLogWithWhatToDo() {
        String missing = directory.resolve("no-such-program").toString();
        assertThat(logged(() -> ReadyNotice.by(missing, ASKED).ready("one")))
                .singleElement()
                .asString()
                .contains(missing, "Type=exec");
    }

    @Test
    void nobodyIsToldWhoDidNotAsk() {
        String missing = directory.resolve("no-such-program").toString();
        assertThat(logged(() -> ReadyNotice.by(missing, Map.of()).ready("one"))).isEmpty();
    }
}
