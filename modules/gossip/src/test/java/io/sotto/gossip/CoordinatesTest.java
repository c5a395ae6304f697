package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberEvent;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.coordinate.CoordinateCodec;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoordinatesTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(20);
    private static final Coordinate THEIRS = Coordinate.of(new double[] {0.01, 0, 0, 0, 0, 0, 0, 0}, 0.5, 0.001, 0.002);

    private final CoordinateBook book = new CoordinateBook("self");
    private final PoolCounters counters = new PoolCounters();
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Members.Command> members;
    private ActorRef<Coordinates.Command> coordinates;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        members = virtual.recorder();
        coordinates = virtual.spawn(Coordinates.create(new Coordinates.Links(
                members.ref(),
                Samples.view(virtual.<RemoteMember.Command>recorder().ref(), Samples.member("b", 2)),
                book,
                virtual.time(),
                new SplittableRandom(1),
                counters)));
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void ourAcksTellWhereWeAreFromTheBeginning() {
        assertThat(book.ackPayload()).isEqualTo(CoordinateCodec.encode(Coordinate.initial()));
        assertThat(book.view().of("self")).contains(Coordinate.initial());
        assertThat(book.view().of("b")).isEmpty();
        assertThat(book.view().distance("self", "b")).isEmpty();
    }

    @Test
    void anAnswerMovesUsAndTellsWhereTheOtherIs() throws InterruptedException {
        CoordinatesView before = book.view();
        measured("b", CoordinateCodec.encode(THEIRS));

        CoordinatesView after = book.view();
        assertThat(after.of("b")).contains(THEIRS);
        assertThat(after.own()).isNotEqualTo(Coordinate.initial());
        assertThat(book.ackPayload()).isEqualTo(CoordinateCodec.encode(after.own()));
        assertThat(after.distance("self", "b")).contains(after.own().distanceTo(THEIRS));
        assertThat(after.distance("b", "b")).contains(THEIRS.distanceTo(THEIRS));
        assertThat(before.of("b")).as("an earlier snapshot").isEmpty();
        assertThat(book.view()).as("while nothing changes").isSameAs(after);
        count(PoolCounters.Located.APPLIED, 1);
    }

    @Test
    void whatCannotBeUsedIsCountedAndMovesNothing() throws InterruptedException {
        virtual.expectWarning("Unsupported ping version 2 from b");
        measured("b", Octets.empty());
        measured("b", Octets.hex("02"));
        measured("b", Octets.hex("01a131"));
        measured("b", encoded(new double[7], 1));
        measured("b", encoded(new double[Coordinate.DIMENSIONS], Double.NaN));
        virtual.tell(
                coordinates, new Coordinates.Measured("b", Duration.ofSeconds(11), CoordinateCodec.encode(THEIRS)));

        count(PoolCounters.Located.ABSENT, 1);
        count(PoolCounters.Located.VERSION, 1);
        count(PoolCounters.Located.MALFORMED, 1);
        count(PoolCounters.Located.DIMENSIONS, 1);
        count(PoolCounters.Located.IMPLAUSIBLE, 1);
        count(PoolCounters.Located.ROUND_TRIP, 1);
        count(PoolCounters.Located.APPLIED, 0);
        assertThat(book.view().own()).isEqualTo(Coordinate.initial());
        assertThat(book.known()).isZero();
    }

    @Test
    void aMemberThatIsForgottenLeavesTheCacheAndOneThatIsNotListedNeverEntersIt() throws InterruptedException {
        measured("b", CoordinateCodec.encode(THEIRS));
        measured("gone", CoordinateCodec.encode(THEIRS));
        assertThat(book.view().others()).containsOnlyKeys("b");

        Members.Subscribe subscription = (Members.Subscribe) members.all().get(0);
        virtual.tell(subscription.subscriber(), new MemberEvent(MemberEvent.Kind.FAILED, Samples.member("b", 2)));
        assertThat(book.known()).isEqualTo(1);
        virtual.tell(subscription.subscriber(), new MemberEvent(MemberEvent.Kind.REAPED, Samples.member("b", 2)));
        assertThat(book.known()).isZero();
        assertThat(book.view().of("b")).isEqualTo(Optional.empty());
    }

    private void measured(String member, Octets payload) throws InterruptedException {
        virtual.tell(coordinates, new Coordinates.Measured(member, ROUND_TRIP, payload));
    }

    private void count(PoolCounters.Located located, long expected) {
        assertThat(counters.coordinates.count(located)).as("%s", located).isEqualTo(expected);
    }

    private static Octets encoded(double[] vector, double error) {
        return CoordinateCodec.encode(Coordinate.of(vector, error, 0, 1e-5));
    }
}
