package io.sotto.agent.access;

import io.sotto.agent.access.AccessCounters.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Access by tokens of this agent: whoever shows none has the rights of the default policy, and what no rule allows is denied
 * unless that policy is to allow.
 *
 * <p>What servers answer is theirs to guard where they have access control, and the token goes on to them. Where they have
 * none this agent guards it by its own tokens, which stay here: keys, sessions, nodes and services by their rules, all else
 * by the rule on {@code operator}. For any thread; never blocks. Source: agent behaviour, section 7; golden/acl-matrix.
 */
public final class TokenControl implements AccessControl {
    /** Events of this name make members run commands. */
    private static final String EXEC_EVENT = "_rexec";

    private static final String[] GUARDED_BY_ENTRY = {"/v1/kv", "/v1/session", "/v1/health"};
    /** The same of reads. */
    private static final String[] READ_BY_ENTRY = {"/v1/catalog", "/v1/coordinate"};

    private static final int TOO_MANY = 429;

    private final AccessSettings settings;
    private final Supplier<TokenBook> tokens;
    private final BooleanSupplier serversDecide;
    private final InstantSource time;
    private final AccessCounters counters;
    private final Failures failures;

    private TokenControl(
            AccessSettings settings,
            Supplier<TokenBook> tokens,
            BooleanSupplier serversDecide,
            InstantSource time,
            AccessCounters counters) {
        this.settings = settings;
        this.tokens = tokens;
        this.serversDecide = serversDecide;
        this.time = time;
        this.counters = counters;
        this.failures = new Failures(settings.maxFailures(), settings.addressesMax());
    }

    /**
     * The control of one agent.
     *
     * @param tokens those in force
     * @param serversDecide whether the servers of the datacenter have access control of their own
     */
    public static TokenControl create(
            AccessSettings settings,
            TokenKeeper tokens,
            BooleanSupplier serversDecide,
            InstantSource time,
            AccessCounters counters) {
        return new TokenControl(settings, tokens::book, serversDecide, time, counters);
    }

    @Override
    public Decision admit(AccessCall call) {
        if (needsNothing(call)) {
            counters.count(Verdict.GRANTED);
            return new Decision.Granted(Rights.ALL);
        }
        Optional<InetAddress> from = call.remote().map(InetSocketAddress::getAddress);
        Optional<Duration> wait =
                from.flatMap(address -> failures.penance(Failures.Kind.GUESS, address, time.instant()));
        Optional<Identity> known = identity(call);
        if (call.token().isPresent()
                && wait.isPresent()
                && known.filter(identity -> isWellKnown(identity, from)).isEmpty()) {
            counters.count(Verdict.THROTTLED);
            return new Decision.TooManyFailures(wait.get());
        }
        if (known.isEmpty()) {
            counters.count(Verdict.UNKNOWN);
            from.ifPresent(address -> failures.count(Failures.Kind.GUESS, address, time.instant()));
            return new Decision.UnknownToken();
        }
        if (call.token().isPresent()) {
            from.ifPresent(address -> failures.wasRight(known.get().accessor(), address));
        }
        Rights rights = new TokenRights(known.get(), settings.fallback());
        if (!allows(rights, call)) {
            return denied(from);
        }
        counters.count(Verdict.GRANTED);
        return new Decision.Granted(rights, true);
    }

    private Decision denied(Optional<InetAddress> from) {
        Optional<Duration> wait =
                from.flatMap(address -> failures.penance(Failures.Kind.REFUSAL, address, time.instant()));
        if (wait.isPresent()) {
            counters.count(Verdict.THROTTLED);
            return new Decision.TooManyFailures(wait.get());
        }
        counters.count(Verdict.DENIED);
        from.ifPresent(address -> failures.count(Failures.Kind.REFUSAL, address, time.instant()));
        return new Decision.Denied();
    }

    private boolean isWellKnown(Identity identity, Optional<InetAddress> from) {
        return from.filter(address -> failures.isWellKnown(identity.accessor(), address))
                .isPresent();
    }

    /** Who it is; empty for a token that nobody has. */
    private Optional<Identity> identity(AccessCall call) {
        if (call.token().isPresent()) {
            return tokens.get().find(call.token().get(), time.instant());
        }
        return settings.fallbackToken()
                .flatMap(token -> tokens.get().find(token, time.instant()))
                .or(() -> Optional.of(Identity.ANONYMOUS));
    }

    private static boolean allows(Rights rights, AccessCall call) {
        return switch (call.access().checked()) {
            case NEVER, EACH_ENTRY -> true;
            case ELSEWHERE -> isGuardedByEntry(call) || rights.may(Access.SERVERS, "");
            case BEFORE ->
                rights.may(call.access(), call.resource())
                        && (call.access() != Access.EVENT_WRITE
                                || !call.resource().startsWith(EXEC_EVENT)
                                || rights.may(Access.EXEC_WRITE, ""));
        };
    }

    /** Whether the route itself asks for rights, entry by entry. */
    private static boolean isGuardedByEntry(AccessCall call) {
        return isBelow(GUARDED_BY_ENTRY, call.path())
                || (call.method().equals("GET") && isBelow(READ_BY_ENTRY, call.path()));
    }

    private static boolean isBelow(String[] prefixes, String path) {
        return Stream.of(prefixes).anyMatch(prefix -> path.startsWith(prefix + "/"));
    }

    /** Of what was not looked at there is no line: a flood of guesses would be one of lines. */
    @Override
    public void ended(AccessCall call, int status) {
        if (status == TOO_MANY) {
            return;
        }
        Optional<Identity> who = identity(call);
        boolean isGranted = needsNothing(call)
                || who.filter(known -> allows(new TokenRights(known, settings.fallback()), call))
                        .isPresent();
        if (AuditLog.isPrivileged(call) || !isGranted) {
            AuditLog.write(
                    call, who.map(Identity::accessor).orElse("unknown-token"), isGranted ? "" + status : "denied");
        }
    }

    private boolean needsNothing(AccessCall call) {
        return call.access() == Access.OPEN || (call.access() == Access.SERVERS && serversDecide.getAsBoolean());
    }
}
