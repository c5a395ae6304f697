package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.config.Durations;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.Enrolment;
import io.sotto.cluster.enrolment.EnrolmentOffice.TokenOutcome;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * {@code PUT /v1/operator/upshift/tls/token}: a one-time token for the enrolment of a node, of an agent that has an authority; the
 * answer holds a secret. {@code PUT …/enrol}: has this agent get its certificate with one. What cannot be is a 409 with its reason.
 * Source: ours; Consul has no such routes.
 */
public final class EnrolmentApi extends ApiPart {
    private static final String PATH = "v1/operator/upshift/tls/";
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;
    private static final Duration TTL = Duration.ofHours(1);
    private static final Pattern ADDRESS = Pattern.compile("\\[?([0-9a-fA-F.:]+)]?:([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;

    private final Enrolment enrolment;

    public EnrolmentApi(Enrolment enrolment) {
        this.enrolment = enrolment;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.any("PUT", PATH + "token", Access.OPERATOR_WRITE, this::token),
                Route.any("PUT", PATH + "enrol", Access.OPERATOR_WRITE, this::enrol));
    }

    private CompletionStage<Answer> token(Request request) {
        try {
            Json body = body(request);
            String node = text(body, "Node");
            String ttl = text(body, "TTL");
            Optional<Duration> time = ttl.isEmpty() ? Optional.of(TTL) : Durations.parse(ttl);
            if (node.isEmpty()) {
                return bad("Missing Node, the name of the node that the token is for");
            }
            if (time.isEmpty()) {
                return bad("TTL is no duration, such as 1h: " + ttl);
            }
            EnrolRole role = body.get("Server").equals(Json.of(true)) ? EnrolRole.SERVER : EnrolRole.CLIENT;
            return enrolment.token(node, role, time.get()).thenApply(outcome -> told(outcome, request));
        } catch (JsonException e) {
            return bad("Request decode failed: " + e.text());
        }
    }

    private static Answer told(TokenOutcome outcome, Request request) {
        if (outcome instanceof TokenOutcome.Refused refused) {
            return refused(refused.why(), request);
        }
        JoinToken token = ((TokenOutcome.Made) outcome).token();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Token", Json.of(token.text()));
        fields.put("ID", Json.of(token.secret().id()));
        fields.put("Node", Json.of(token.node()));
        fields.put("Server", Json.of(token.role() == EnrolRole.SERVER));
        fields.put("Authority", Json.of(token.authority()));
        fields.put("Fingerprint", Json.of(token.fingerprint()));
        fields.put("Expires", Json.of(token.expires().toString()));
        return Answer.json(new Json.Fields(fields), request.layout());
    }

    private CompletionStage<Answer> enrol(Request request) {
        try {
            Json body = body(request);
            Optional<JoinToken> token = JoinToken.parse(text(body, "Token"));
            String at = text(body, "At");
            Optional<InetSocketAddress> address = address(at);
            if (token.isEmpty()) {
                return bad("Token is none of those that \"sotto upshift tls token\" makes");
            }
            if (!at.isEmpty() && address.isEmpty()) {
                return bad("At is no address and port, such as 10.0.0.5:8300");
            }
            return enrolment.enrol(token.get(), address).thenApply(outcome -> told(outcome, request));
        } catch (JsonException e) {
            // Its text may quote what was sent, which holds a secret.
            return bad("Request decode failed");
        }
    }

    private static Answer told(Enrolment.Outcome outcome, Request request) {
        if (outcome instanceof Enrolment.Outcome.Refused refused) {
            return refused(refused.why(), request);
        }
        var enrolled = (Enrolment.Outcome.Enrolled) outcome;
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Certificate", Json.of(enrolled.files().certificate().toString()));
        fields.put("Key", Json.of(enrolled.files().key().toString()));
        fields.put("Authority", Json.of(enrolled.files().authority().toString()));
        fields.put("Names", Json.of(enrolled.certificate().dnsNames()));
        fields.put("Fingerprint", Json.of(enrolled.certificate().fingerprint()));
        fields.put("NotAfter", Json.of(enrolled.certificate().notAfter().toString()));
        fields.put("Remark", Json.of(enrolled.remark()));
        return Answer.json(new Json.Fields(fields), request.layout());
    }

    private static Answer refused(String why, Request request) {
        return Answer.json(CONFLICT, new Json.Fields(Map.of("Text", Json.of(why))), request.layout());
    }

    private static Json body(Request request) throws JsonException {
        return Json.parse(new String(request.body().toArray(), StandardCharsets.UTF_8));
    }

    private static String text(Json body, String field) {
        return body.get(field) instanceof Json.Text text ? text.value() : "";
    }

    /** An address as it is: names would have to be looked up. */
    private static Optional<InetSocketAddress> address(String text) {
        var parts = ADDRESS.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > PORT_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new InetSocketAddress(InetAddress.getByName(parts.group(1)), Integer.parseInt(parts.group(2))));
        } catch (UnknownHostException none) {
            return Optional.empty();
        }
    }

    private static CompletionStage<Answer> bad(String why) {
        return Route.now(Answer.text(BAD_REQUEST, "Bad request: " + why));
    }
}
