package io.sotto.agent.http;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sotto.agent.access.Access;
import io.sotto.agent.events.AgentEvents;
import io.sotto.agent.json.Json;
import io.sotto.cluster.EventOutcome;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/**
 * {@code /v1/event/fire} and {@code /v1/event/list}. An event of plain Serf has no id and no filters, and its Lamport time
 * is told at once. Source: agent behaviour, section 7; golden/http-misc.
 */
public final class EventApi extends ApiPart {
    private static final Duration USUAL_WAIT = Duration.ofMinutes(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final AgentEvents events;
    private final Servers servers;
    private final Supplier<UUID> ids;

    /**
     * Fires into the pool of this agent, or has a server of another datacenter fire.
     *
     * @param ids gives each of Consul's events its own
     */
    public EventApi(AgentEvents events, Servers servers, Supplier<UUID> ids) {
        this.events = events;
        this.servers = servers;
        this.ids = ids;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.any("PUT", "v1/event/fire/_rexec", Access.EXEC_WRITE, request -> fire(request, "_rexec")),
                Route.putBody("v1/event/fire", Access.EVENT_WRITE, this::fire),
                Route.incomplete("PUT", "v1/event/fire", "Missing name"),
                Route.getLater("v1/event/list", Access.EVENT_READ, this::list).waiting());
    }

    private CompletionStage<Answer> fire(Request request, String name) {
        if (name.isEmpty()) {
            return Route.now(Answer.text(400, "Missing name"));
        }
        String dc = request.parameter("dc").orElse("").toLowerCase(Locale.ROOT);
        boolean isElsewhere = !dc.isEmpty() && !dc.equals(servers.datacenter());
        if (isElsewhere && !events.areConsuls()) {
            return Route.now(Answer.text(500, "No path to datacenter"));
        }
        Map<String, String> filters = new LinkedHashMap<>();
        for (String filter : List.of("node", "service", "tag")) {
            String expression = request.parameter(filter).orElse("");
            try {
                Pattern.compile(expression);
            } catch (PatternSyntaxException unreadable) {
                return Route.now(Answer.text(500, "Invalid " + filter + " filter: " + unreadable.getMessage()));
            }
            if (!expression.isEmpty() && !events.areConsuls()) {
                return Route.now(Answer.text(400, "Events of plain Serf have no filters: send a query instead"));
            }
            filters.put(filter, expression);
        }
        boolean coalesce = !request.parameter("coalesce").orElse("true").equals("false");
        ConsulEvent event = new ConsulEvent(
                events.areConsuls() ? ids.get().toString() : "",
                name,
                request.body(),
                filters.getOrDefault("node", ""),
                filters.getOrDefault("service", ""),
                filters.getOrDefault("tag", ""),
                ConsulEvent.VERSION);
        if (isElsewhere) {
            return servers.call(
                    request,
                    (consul, asked) -> consul.fireEvent(event),
                    fired -> Answer.json(shape(event, 0), request.layout()));
        }
        return events.fire(event, coalesce).thenApply(outcome -> answer(outcome, event, coalesce, request));
    }

    private Answer answer(EventOutcome outcome, ConsulEvent event, boolean coalesce, Request request) {
        if (outcome instanceof EventOutcome.Refused refused) {
            return Answer.text(500, refused.reason());
        }
        long ltime = ((EventOutcome.Sent) outcome).ltime();
        Map<String, Json> shape = new LinkedHashMap<>(
                shape(event, events.areConsuls() ? 0 : ltime).fields());
        if (!events.areConsuls()) {
            shape.put("Coalesce", Json.of(coalesce));
        }
        return Answer.json(new Json.Fields(shape), request.layout());
    }

    private CompletionStage<Answer> list(Request request) {
        QueryReading asked = QueryReading.of(request, servers.datacenter(), "", "");
        if (asked.refusal().isPresent()) {
            return Route.now(asked.refusal().get());
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Duration wait = asked.options().maxQueryTime();
        CompletableFuture<Done> over = new CompletableFuture<Done>()
                .completeOnTimeout(
                        Done.getInstance(),
                        (wait.isZero() ? USUAL_WAIT : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
                                .toMillis(),
                        TimeUnit.MILLISECONDS);
        look(request, asked.options().minQueryIndex(), over, answer);
        return answer.whenComplete((given, failure) -> over.complete(Done.getInstance()));
    }

    /** Answers when the last event is another than the one that has this index. */
    private void look(Request request, long index, CompletableFuture<Done> over, CompletableFuture<Answer> answer) {
        List<AgentEvents.Received> all = events.list();
        String name = request.parameter("name").orElse("");
        List<AgentEvents.Received> found = all.stream()
                .filter(received ->
                        request.rights().may(Access.EVENT_READ, received.event().name()))
                .filter(received -> name.isEmpty() || received.event().name().equals(name))
                .toList();
        long now = index(found);
        if (now != index || over.isDone()) {
            List<Json> shapes = found.stream()
                    .<Json>map(received -> shape(received.event(), received.ltime()))
                    .toList();
            answer.complete(Answer.json(new Json.Elements(shapes), request.layout())
                    .with("X-Consul-Index", Long.toUnsignedString(now)));
            return;
        }
        CompletableFuture<Done> more = events.after(all);
        CompletionStage<Object> first = CompletableFuture.anyOf(more, over);
        first.whenComplete((either, failure) -> {
            more.cancel(false);
            look(request, index, over, answer);
        });
    }

    /** Not how many there are, but which is the last, as from Consul; 1 for none. */
    private static long index(List<AgentEvents.Received> found) {
        if (found.isEmpty()) {
            return 1;
        }
        AgentEvents.Received last = found.get(found.size() - 1);
        try {
            UUID id = UUID.fromString(last.event().id());
            return id.getMostSignificantBits() ^ id.getLeastSignificantBits();
        } catch (IllegalArgumentException ofSerf) {
            return last.ltime();
        }
    }

    private static Json.Fields shape(ConsulEvent event, long ltime) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("ID", Json.of(event.id()));
        fields.put("Name", Json.of(event.name()));
        fields.put("Payload", payload(event.payload()));
        fields.put("NodeFilter", Json.of(event.nodeFilter()));
        fields.put("ServiceFilter", Json.of(event.serviceFilter()));
        fields.put("TagFilter", Json.of(event.tagFilter()));
        fields.put("Version", Json.of(event.version()));
        fields.put("LTime", Json.of(ltime));
        return new Json.Fields(fields);
    }

    private static Json payload(Octets payload) {
        return payload.isEmpty()
                ? Json.Nothing.INSTANCE
                : Json.of(Base64.getEncoder().encodeToString(payload.toArray()));
    }
}
