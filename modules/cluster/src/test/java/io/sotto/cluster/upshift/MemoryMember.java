package io.sotto.cluster.upshift;

import io.sotto.cluster.Member;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.drive.TlsReport;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftReport;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** One member of a {@link MemoryPool}: settings in memory, which outlive its process, and the actors of its present life. */
final class MemoryMember implements Footing {
    private static final Duration TAKING = Duration.ofMillis(100);

    final String name;
    final Path directory;
    final UpshiftCounters counters = new UpshiftCounters();
    /** Every stage that it took, in order. */
    final List<String> taken = new ArrayList<>();

    private final MemoryPool pool;
    private Optional<GossipKey> key = Optional.empty();
    private boolean gossipIn = true;
    private boolean gossipOut = true;
    private boolean tlsIn;
    private boolean tlsOut;
    private boolean isRunning;
    private int life;
    Map<UpshiftKind, ActorRef<Upshift.Command>> drivers = new EnumMap<>(UpshiftKind.class);
    /** For {@link MemoryPool#start} only, before which nobody looks. */
    UpshiftBook book = UpshiftBook.open(Optional.empty());

    UpshiftAuthority authority = UpshiftAuthority.none();
    /** The rotation that it drives, as it reports it. */
    Optional<MemberReport.Rotating> rotation = Optional.empty();

    SecondTry.Faults faults = SecondTry.Faults.NONE;
    private Optional<ActorRef<UpshiftMember.Command>> obeying = Optional.empty();

    MemoryMember(MemoryPool pool, String name, Path directory) {
        this.pool = pool;
        this.name = name;
        this.directory = directory;
    }

    /** Whose TLS is at this stage already. */
    MemoryMember tls(UpshiftStage stage) {
        tlsOut = stage.isAtLeast(UpshiftStage.SENDING);
        tlsIn = stage == UpshiftStage.ENFORCED;
        return this;
    }

    void begins(ActorRef<UpshiftMember.Command> member) {
        obeying = Optional.of(member);
        isRunning = true;
        life++;
    }

    void ends() {
        isRunning = false;
        life++;
    }

    boolean isRunning() {
        return isRunning;
    }

    ActorRef<UpshiftMember.Command> obeying() {
        return obeying.orElseThrow();
    }

    Member listed() {
        return new Member(
                name,
                NodeAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000)),
                Map.of("sotto", "1"),
                isRunning ? Member.Status.ALIVE : Member.Status.FAILED,
                ProtocolVersions.UNKNOWN,
                1,
                Instant.EPOCH);
    }

    @Override
    public MemberReport report(List<UpshiftRecord> records) {
        Instant now = pool.now();
        Optional<SelfReport> gossip = key.map(
                own -> new SelfReport(List.of(own.id()), gossipIn, gossipOut, "", true, Optional.empty(), now, "1"));
        TlsReport tls =
                new TlsReport(true, true, tlsIn, tlsOut, Optional.empty(), Optional.empty(), "ab", Optional.empty());
        return new MemberReport(new UpshiftReport(name, gossip, tls, records, now), Map.of(), List.of(), Map.of())
                .rotating(rotation);
    }

    @Override
    public CompletionStage<Optional<String>> take(
            UpshiftKind kind, UpshiftStage stage, String keyId, Optional<GossipKey> given) {
        CompletableFuture<Optional<String>> done = new CompletableFuture<>();
        int now = life;
        pool.after(TAKING, () -> {
            if (life != now) {
                return;
            }
            apply(kind, stage, given);
            taken.add(kind + " " + stage);
            done.complete(Optional.empty());
        });
        return done;
    }

    private void apply(UpshiftKind kind, UpshiftStage stage, Optional<GossipKey> given) {
        boolean isSending = stage.isAtLeast(UpshiftStage.SENDING);
        boolean isEnforced = stage == UpshiftStage.ENFORCED;
        if (kind == UpshiftKind.TLS) {
            tlsOut = isSending;
            tlsIn = isEnforced;
        } else if (stage == UpshiftStage.NONE) {
            key = Optional.empty();
        } else {
            key = given.or(() -> key);
            gossipOut = isSending;
            gossipIn = isEnforced;
        }
    }

    @Override
    public List<GossipKey> ring() {
        return key.stream().toList();
    }

    @Override
    public Optional<GossipKey> configuredKey() {
        return Optional.empty();
    }
}
