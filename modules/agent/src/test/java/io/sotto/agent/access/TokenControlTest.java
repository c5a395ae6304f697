package io.sotto.agent.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sotto.agent.access.AccessControl.Decision;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who is let in, how often others may try, and what is written down of it. */
final class TokenControlTest {
    private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
    private static final int MAX_FAILURES = 5;

    @TempDir
    private Path directory;

    private final Random random = new Random(7);
    private final AccessCounters counters = new AccessCounters();
    private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
    private Instant now = NOW;
    private boolean serversDecide;

    @BeforeEach
    void listen() {
        audit.start();
        Logger logger = (Logger) LoggerFactory.getLogger("audit");
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.addAppender(audit);
    }

    @AfterEach
    void forget() {
        Logger logger = (Logger) LoggerFactory.getLogger("audit");
        logger.detachAppender(audit);
        logger.setAdditive(true);
    }

    private TokenDesk.Made made(String rules) throws Exception {
        return new TokenDesk(TokenFile.in(directory)).create("", rules, false, Optional.empty(), random, NOW);
    }

    private TokenControl control(Optional<Token> fallbackToken, io.sotto.agent.access.Level fallback) throws Exception {
        AccessSettings settings = new AccessSettings(
                true, fallback, Optional.empty(), Optional.empty(), fallbackToken, MAX_FAILURES, 3, "here");
        InstantSource time = () -> now;
        return TokenControl.create(
                settings,
                TokenKeeper.load(settings, new byte[TokenKeeper.SALT_BYTES], Optional.of(TokenFile.in(directory))),
                () -> serversDecide,
                time,
                counters);
    }

    private TokenControl control() throws Exception {
        return control(Optional.empty(), io.sotto.agent.access.Level.DENY);
    }

    private static AccessCall call(Access access, String resource, String path, String secret, String from)
            throws Exception {
        return new AccessCall(
                access,
                resource,
                secret.isEmpty() ? Optional.empty() : Optional.of(Token.of(secret)),
                Optional.of(new InetSocketAddress(InetAddress.getByName(from), 40_000)),
                access.checked() == Access.Checked.BEFORE ? "PUT" : "GET",
                path);
    }

    private static AccessCall leave(String secret, String from) throws Exception {
        return call(Access.AGENT_WRITE, "here", "/v1/agent/leave", secret, from);
    }

    @Test
    void whoShowsNoTokenHasTheDefaultPolicyOrTheDefaultToken() throws Exception {
        TokenDesk.Made made = made("agent \"here\" { policy = \"write\" }");
        assertThat(control().admit(leave("", "10.0.0.1"))).isInstanceOf(Decision.Denied.class);
        assertThat(control(Optional.empty(), io.sotto.agent.access.Level.WRITE).admit(leave("", "10.0.0.1")))
                .isInstanceOf(Decision.Granted.class);
        assertThat(control(Optional.of(made.secret()), io.sotto.agent.access.Level.DENY)
                        .admit(leave("", "10.0.0.1")))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    void anAgentsRuleIsForTheAgentThatItNames() throws Exception {
        TokenDesk.Made other = made("agent \"there\" { policy = \"write\" }");
        assertThat(control().admit(leave(other.secret().secret(), "10.0.0.1"))).isInstanceOf(Decision.Denied.class);
    }

    @Test
    void commandsTakeTheirOwnRuleBesideThatOfTheEvent() throws Exception {
        TokenDesk.Made events = made("event_prefix \"\" { policy = \"write\" }");
        TokenDesk.Made both = made("event_prefix \"\" { policy = \"write\" } exec = \"write\"");
        TokenControl control = control();
        AccessCall deploy = call(
                Access.EVENT_WRITE,
                "deploy",
                "/v1/event/fire/deploy",
                events.secret().secret(),
                "10.0.0.1");
        AccessCall exec = call(
                Access.EVENT_WRITE,
                "_rexec",
                "/v1/event/fire/_rexec",
                events.secret().secret(),
                "10.0.0.1");
        assertThat(control.admit(deploy)).isInstanceOf(Decision.Granted.class);
        assertThat(control.admit(exec)).isInstanceOf(Decision.Denied.class);
        assertThat(control.admit(call(
                        Access.EVENT_WRITE,
                        "_rexec",
                        "/v1/event/fire/_rexec",
                        both.secret().secret(),
                        "10.0.0.1")))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    void whereServersDecideTheTokenGoesOnAndWhereTheyDoNotItStays() throws Exception {
        TokenDesk.Made made = made("key_prefix \"\" { policy = \"read\" }");
        TokenControl control = control();
        AccessCall ours = call(Access.SERVERS, "", "/v1/kv/a", made.secret().secret(), "10.0.0.1");
        AccessCall theirs = call(Access.SERVERS, "", "/v1/kv/a", "a token of the servers", "10.0.0.1");
        AccessCall anything = call(
                Access.SERVERS, "", "/v1/agent/rpc/KVS.Apply", made.secret().secret(), "10.0.0.1");

        assertThat(((Decision.Granted) control.admit(ours)).isTokenOurs()).isTrue();
        assertThat(control.admit(theirs)).isInstanceOf(Decision.UnknownToken.class);
        assertThat(control.admit(anything)).isInstanceOf(Decision.Denied.class);

        serversDecide = true;
        assertThat(control.admit(theirs)).isEqualTo(new Decision.Granted(Rights.ALL));
        assertThat(control.admit(anything)).isEqualTo(new Decision.Granted(Rights.ALL));
    }

    @Test
    void whoGuessesTooOftenWaitsButLocksNobodyOutWhoWasRightFromThere() throws Exception {
        TokenDesk.Made made = made("agent \"here\" { policy = \"write\" }");
        TokenDesk.Made late = made("agent \"here\" { policy = \"write\" }");
        TokenControl control = control();
        assertThat(control.admit(leave(made.secret().secret(), "10.0.0.1"))).isInstanceOf(Decision.Granted.class);
        for (int i = 0; i < MAX_FAILURES; i++) {
            assertThat(control.admit(leave("guess " + i, "10.0.0.1"))).isInstanceOf(Decision.UnknownToken.class);
        }
        now = NOW.plusSeconds(20);
        assertThat(control.admit(leave("one more", "10.0.0.1")))
                .isEqualTo(new Decision.TooManyFailures(Duration.ofSeconds(40)));
        assertThat(control.admit(leave(late.secret().secret(), "10.0.0.1")))
                .isInstanceOf(Decision.TooManyFailures.class);
        assertThat(control.admit(leave(made.secret().secret(), "10.0.0.1"))).isInstanceOf(Decision.Granted.class);
        assertThat(control.admit(leave("elsewhere", "10.0.0.2"))).isInstanceOf(Decision.UnknownToken.class);

        now = NOW.plusSeconds(60);
        assertThat(control.admit(leave(late.secret().secret(), "10.0.0.1"))).isInstanceOf(Decision.Granted.class);
        assertThat(counters.of(AccessCounters.Verdict.THROTTLED)).isEqualTo(2);
        assertThat(counters.of(AccessCounters.Verdict.UNKNOWN)).isEqualTo(MAX_FAILURES + 1);
    }

    @Test
    void refusalsAreBoundedApartFromGuesses() throws Exception {
        TokenDesk.Made made = made("agent \"here\" { policy = \"write\" }");
        TokenControl control = control();
        for (int i = 0; i < MAX_FAILURES; i++) {
            assertThat(control.admit(leave("", "10.0.0.1"))).isInstanceOf(Decision.Denied.class);
        }
        assertThat(control.admit(leave("", "10.0.0.1"))).isInstanceOf(Decision.TooManyFailures.class);
        assertThat(control.admit(leave(made.secret().secret(), "10.0.0.1"))).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void theTableOfAddressesIsBoundedAndANetworkOfIpv6CountsAsOne() throws Exception {
        Failures failures = new Failures(2, 3);
        for (int i = 0; i < 100; i++) {
            failures.count(Failures.Kind.GUESS, InetAddress.getByName("10.0.0." + i), NOW);
        }
        assertThat(failures.size()).isEqualTo(3);
        failures.count(Failures.Kind.GUESS, InetAddress.getByName("2001:db8::1"), NOW);
        failures.count(Failures.Kind.GUESS, InetAddress.getByName("2001:db8::2"), NOW);
        assertThat(failures.penance(Failures.Kind.GUESS, InetAddress.getByName("2001:db8::3"), NOW))
                .isPresent();
        assertThat(failures.penance(Failures.Kind.GUESS, InetAddress.getByName("2001:db8:0:1::3"), NOW))
                .isEmpty();
    }

    @Test
    void whatChangesSomethingOrIsRefusedIsWrittenDownWithoutTheSecret() throws Exception {
        TokenDesk.Made made = made("agent \"here\" { policy = \"write\" } node_prefix \"\" { policy = \"read\" }");
        TokenControl control = control();
        String secret = made.secret().secret();
        List<AccessCall> calls = List.of(
                leave(secret, "10.0.0.1"),
                leave("", "10.0.0.1"),
                leave("guess", "2001:db8::1"),
                call(Access.NODE_READ, "", "/v1/agent/members", secret, "10.0.0.1"),
                call(Access.AGENT_READ, "here", "/v1/agent/self", "", "10.0.0.1"),
                call(Access.OPERATOR_WRITE, "", "/v1/agent/force-leave/a\n\"b\u20ac", secret, "10.0.0.1"));
        for (AccessCall call : calls) {
            Decision decision = control.admit(call);
            control.ended(call, decision instanceof Decision.Granted ? 200 : 403);
        }
        control.ended(leave("guess", "10.0.0.1"), 429);

        assertThat(audit.list.stream().map(ILoggingEvent::getFormattedMessage))
                .containsExactly(
                        "who=" + made.accessor()
                                + " from=10.0.0.1:40000 what=\"PUT /v1/agent/leave\" needs=AGENT_WRITE outcome=200",
                        "who=anonymous from=10.0.0.1:40000 what=\"PUT /v1/agent/leave\" needs=AGENT_WRITE outcome=denied",
                        "who=unknown-token from=[2001:db8:0:0:0:0:0:1]:40000 what=\"PUT /v1/agent/leave\""
                                + " needs=AGENT_WRITE outcome=denied",
                        "who=anonymous from=10.0.0.1:40000 what=\"PUT /v1/agent/self\" needs=AGENT_READ outcome=denied",
                        "who=" + made.accessor() + " from=10.0.0.1:40000 what=\"PUT /v1/agent/force-leave/a??b?\""
                                + " needs=OPERATOR_WRITE outcome=denied");
        assertThat(audit.list.toString()).doesNotContain(secret).doesNotContain("guess");
    }

    @Test
    void withoutAccessControlWhatChangesSomethingIsWrittenDownToo() throws Exception {
        AccessControl.open().ended(leave("", "10.0.0.1"), 200);
        AccessControl.open().ended(call(Access.NODE_READ, "", "/v1/agent/members", "", "10.0.0.1"), 200);
        assertThat(audit.list.stream().map(ILoggingEvent::getFormattedMessage))
                .containsExactly(
                        "who=anybody from=10.0.0.1:40000 what=\"PUT /v1/agent/leave\" needs=AGENT_WRITE outcome=200");
    }
}
