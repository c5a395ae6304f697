package io.sotto.agent.http;

import com.typesafe.config.ConfigFactory;
import io.sotto.agent.access.Access;
import io.sotto.agent.access.AccessCall;
import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;
import io.sotto.agent.port.Guests;
import io.sotto.agent.port.PortCounters;
import io.sotto.agent.port.PortSettings;
import io.sotto.cluster.Upshifts;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/**
 * An agent's API on loopback with the routes of upshifts; the token {@code reader} may look, {@code nobody} may nothing, and any
 * other everything.
 */
public final class UpshiftAgent implements AutoCloseable {
    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());
    private final HttpListener listener;

    public UpshiftAgent(Upshifts upshifts) throws Exception {
        this(upshifts, new EnrolmentApi(new ScriptedEnrolment()));
    }

    public UpshiftAgent(Upshifts upshifts, EnrolmentApi enrolment) throws Exception {
        AgentFacts facts = new AgentFacts("dc1", "cli", FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of()));
        FakePool pool = new FakePool();
        listener = HttpListener.start(
                        kit.system(),
                        "127.0.0.1",
                        0,
                        new Guests(
                                new PortSettings(100, 100, Duration.ofMinutes(1), Duration.ofMinutes(1)),
                                new PortCounters()),
                        Optional.empty(),
                        new AgentApi(
                                facts,
                                pool,
                                Optional.empty(),
                                new PoolControl(pool),
                                Clock.systemUTC(),
                                pool::metrics,
                                new ByWord(),
                                new UpshiftRunApi(upshifts, () -> "", kit.system()),
                                enrolment),
                        Clock.systemUTC())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    public String address() {
        return "127.0.0.1:" + listener.address().getPort();
    }

    @Override
    public void close() {
        listener.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        kit.shutdownTestKit();
    }

    private static final class ByWord implements AccessControl {
        @Override
        public Decision admit(AccessCall call) {
            String word = call.token().map(token -> token.secret()).orElse("");
            boolean isAllowed = switch (word) {
                case "nobody" -> false;
                case "reader" -> call.access() == Access.OPERATOR_READ;
                default -> true;
            };
            return isAllowed ? new Decision.Granted(Rights.ALL, true) : new Decision.Denied();
        }

        @Override
        public void ended(AccessCall call, int status) {}
    }
}
