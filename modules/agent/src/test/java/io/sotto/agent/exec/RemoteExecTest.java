package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The executing side over a store in memory and commands that do what a test says. */
final class RemoteExecTest {
    private static final String SESSION = "7a07b729-7392-caf2-0b1d-a128d4648277";
    private static final String OTHER = "8b07b729-7392-caf2-0b1d-a128d4648277";
    private static final String EVENT = "4c32d2fb-4b4a-4bc4-a0a1-1c50a3c8d3a6";
    private static final JobKeys KEYS = JobKeys.of("_rexec", SESSION);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActorTestKit kit = ActorTestKit.create();
    private final FakeStore store = new FakeStore();
    private final ExecCounts counts = new ExecCounts();
    private final LinkedBlockingQueue<FakeProgram> started = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        log.start();
        for (Logger logger : List.of(logger("agent"), logger("audit"))) {
            logger.setLevel(Level.INFO);
            logger.addAppender(log);
        }
        store.session(SESSION, "dd");
        store.session(OTHER, "dd");
    }

    @AfterEach
    void stop() {
        for (Logger logger : List.of(logger("agent"), logger("audit"))) {
            logger.setLevel(null);
            logger.detachAppender(log);
        }
        kit.shutdownTestKit();
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    private static ExecSettings allowed() {
        return new ExecSettings(true, 2, Duration.ofMinutes(10), 1 << 20);
    }

    private ActorRef<RemoteExec.Command> exec(ExecSettings settings) {
        return exec(settings, spec -> {
            FakeProgram program = new FakeProgram(spec);
            started.add(program);
            return program;
        });
    }

    private ActorRef<RemoteExec.Command> exec(ExecSettings settings, Program.Starter starter) {
        ConsulRpc consul = ConsulRpc.create(store, "dc1", Duration.ofSeconds(10));
        return kit.spawn(RemoteExec.over(
                new ExecHost("a1", consul, starter, Runnable::run, settings, counts, Clock.systemUTC())));
    }

    private static RemoteExec.Asked asked(String session) {
        Octets payload = new ExecEvent("_rexec", session).encode();
        return new RemoteExec.Asked(new ConsulEvent(EVENT, "_rexec", payload, "", "", "", 1));
    }

    private void job(String session, String command) {
        store.put(
                JobKeys.of("_rexec", session).job(),
                JobSpec.shell(command, Duration.ofHours(1)).encode());
    }

    private FakeProgram nextStarted() throws InterruptedException {
        FakeProgram program = started.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(program).as("a command that was started").isNotNull();
        return program;
    }

    private String saysSoon(String part) throws InterruptedException {
        for (String line = said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                line != null;
                line = said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("nobody said " + part);
    }

    private double counted(String outcome) {
        return counts.metrics().stream()
                .filter(metric -> metric.labels().equals(List.of(outcome)))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void whereItIsOffTheEventIsRefusedInTheRealWords() throws Exception {
        job(SESSION, "uptime");
        exec(new ExecSettings(false, 2, Duration.ofMinutes(10), 1 << 20)).tell(asked(SESSION));
        assertThat(saysSoon("remote exec"))
                .isEqualTo("INFO agent: ignoring remote exec event, disabled.: event_name=_rexec event_id=" + EVENT);
        assertThat(store.wasWritten(KEYS.ack("a1"))).isFalse();
        assertThat(counted("refused")).isEqualTo(1);
    }

    @Test
    void aJobIsAcknowledgedRunAndItsOutputAndExitCodeWritten() throws Exception {
        job(SESSION, "uptime -p");
        exec(allowed()).tell(asked(SESSION));
        assertThat(store.nextWritten()).isEqualTo(KEYS.ack("a1"));
        FakeProgram program = nextStarted();
        assertThat(program.spec.command()).isEqualTo("uptime -p");
        program.end("up 32 minutes\n", 3);
        assertThat(store.nextWritten()).isEqualTo(KEYS.output("a1", 0));
        assertThat(store.text(KEYS.output("a1", 0))).isEqualTo("up 32 minutes\n");
        assertThat(store.nextWritten()).isEqualTo(KEYS.exit("a1"));
        assertThat(store.text(KEYS.exit("a1"))).isEqualTo("3");
        saysSoon("outcome=exited");
        assertThat(counted("exited")).isEqualTo(1);
        assertThat(program.killed).as("what ended by itself").isNotDone();
    }

    @Test
    void theJobIsReadFromTheLeaderWhereTheOtherServersLackIt() {
        store.lag();
        job(SESSION, "uptime");
        exec(allowed()).tell(asked(SESSION));
        assertThat(store.nextWritten()).isEqualTo(KEYS.ack("a1"));
    }

    @Test
    void eachRunIsOnRecordWithoutWhatWasRun() throws Exception {
        job(SESSION, "login --password hunter2");
        exec(allowed()).tell(asked(SESSION));
        nextStarted().end("", 0);
        String began = saysSoon("outcome=started");
        assertThat(began)
                .startsWith("INFO audit: ")
                .contains("from=dd", "session=" + SESSION, "event_id=" + EVENT, "form=SHELL")
                .doesNotContain("hunter2", "login");
        assertThat(saysSoon("outcome=exited"))
                .contains("from=dd", "exit code 0")
                .doesNotContain("hunter2", "login");
    }

    @Test
    void aSessionIsServedOnce() throws Exception {
        job(SESSION, "uptime");
        ActorRef<RemoteExec.Command> exec = exec(allowed());
        exec.tell(asked(SESSION));
        nextStarted().end("", 0);
        saysSoon("outcome=exited");
        exec.tell(asked(SESSION));
        saysSoon("it came before");
        assertThat(started).isEmpty();
        assertThat(counted("refused")).isEqualTo(1);
    }

    @Test
    void noMoreRunAtATimeThanMay() throws Exception {
        job(SESSION, "sleep 1");
        job(OTHER, "sleep 2");
        ActorRef<RemoteExec.Command> exec = exec(new ExecSettings(true, 1, Duration.ofMinutes(10), 1 << 20));
        exec.tell(asked(SESSION));
        FakeProgram first = nextStarted();
        exec.tell(asked(OTHER));
        saysSoon("setting=remote-exec.jobs-max");
        first.end("", 0);
        saysSoon("outcome=exited");
        // It was not served, and may come again.
        for (int tries = 0; started.isEmpty() && tries < 1_000; tries++) {
            exec.tell(asked(OTHER));
            said.poll(30, TimeUnit.MILLISECONDS);
        }
        assertThat(nextStarted().spec.command()).isEqualTo("sleep 2");
    }

    @Test
    void aCommandThatTakesTooLongIsEndedAndTheInitiatorIsTold() throws Exception {
        job(SESSION, "sleep 1000");
        exec(new ExecSettings(true, 2, Duration.ofSeconds(1), 1 << 20)).tell(asked(SESSION));
        FakeProgram program = nextStarted();
        assertThat(program.killed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (String key = store.nextWritten(); !key.equals(KEYS.exit("a1")); key = store.nextWritten()) {
            assertThat(key).startsWith(KEYS.folder());
        }
        assertThat(store.text(KEYS.exit("a1"))).isEqualTo("124");
        assertThat(store.text(KEYS.output("a1", 0))).contains("ended after 1 s");
        saysSoon("outcome=killed");
        assertThat(counted("killed")).isEqualTo(1);
    }

    @Test
    void aCommandEndsWithTheSessionOfItsInitiator() throws Exception {
        job(SESSION, "yes");
        exec(allowed()).tell(asked(SESSION));
        FakeProgram program = nextStarted();
        store.end(SESSION);
        program.end("y\n", 0);
        assertThat(program.killed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        saysSoon("outcome=abandoned");
        assertThat(store.wasWritten(KEYS.exit("a1"))).isFalse();
        assertThat(counted("abandoned")).isEqualTo(1);
    }

    @Test
    void aCommandEndsWithItsAgent() throws Exception {
        job(SESSION, "sleep 1000");
        ActorRef<RemoteExec.Command> exec = exec(allowed());
        exec.tell(asked(SESSION));
        FakeProgram program = nextStarted();
        saysSoon("outcome=started");
        kit.stop(exec);
        assertThat(program.killed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatCannotBeStartedHasTheExitCodeOfRealAgents() throws Exception {
        job(SESSION, "secret-name");
        exec(allowed(), spec -> {
                    throw new IOException("Permission denied");
                })
                .tell(asked(SESSION));
        assertThat(store.nextWritten()).isEqualTo(KEYS.ack("a1"));
        assertThat(store.nextWritten()).isEqualTo(KEYS.output("a1", 0));
        assertThat(store.nextWritten()).isEqualTo(KEYS.exit("a1"));
        assertThat(store.text(KEYS.exit("a1"))).isEqualTo("255");
        assertThat(saysSoon("outcome=failed")).contains("Permission denied");
    }

    @Test
    void aJobThatIsNotThereIsNotAcknowledged() throws Exception {
        exec(allowed()).tell(asked(SESSION));
        saysSoon("remote exec aborted, job spec missing");
        assertThat(store.wasWritten(KEYS.ack("a1"))).isFalse();
        assertThat(counted("failed")).isEqualTo(1);
    }

    @Test
    void aPayloadThatIsNoneRunsNothing() throws Exception {
        exec(allowed()).tell(new RemoteExec.Asked(new ConsulEvent(EVENT, "_rexec", Octets.utf8("{}"), "", "", "", 1)));
        saysSoon("failed to decode remote exec event");
    }
}
