package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntentBookTest {
    private static final Duration TIMEOUT = SerfSettings.serf().recentIntentTimeout();

    private final IntentBook book = new IntentBook(TIMEOUT);

    @Test
    void startsTheClockAtOne() {
        assertThat(book.members().time()).isEqualTo(1);
    }

    @Test
    void stampsWithThePresentTimeAndMovesOn() {
        assertThat(book.stampJoin("n")).isEqualTo(new SerfMessage.Join(1, "n"));
        assertThat(book.stampLeave("n", true)).isEqualTo(new SerfMessage.Leave(2, "n", true));
        assertThat(book.members().time()).isEqualTo(3);
    }

    @Test
    void keepsTheNewestIntentOfANameWhateverItsKind() {
        assertThat(book.buffer(new SerfMessage.Join(5, "n"), NOW)).isTrue();
        assertThat(book.buffer(new SerfMessage.Leave(5, "n", false), NOW)).isFalse();
        assertThat(book.buffer(new SerfMessage.Leave(6, "n", false), NOW)).isTrue();
        assertThat(book.recent("n", NOW)).contains(new SerfMessage.Leave(6, "n", false));
    }

    @Test
    void letsIntentsExpire() {
        book.buffer(new SerfMessage.Join(5, "n"), NOW);
        assertThat(book.recent("n", NOW.plus(TIMEOUT))).isPresent();
        assertThat(book.recent("n", NOW.plus(TIMEOUT).plusMillis(1))).isEmpty();
        assertThat(book.buffer(new SerfMessage.Join(3, "n"), NOW.plus(TIMEOUT).plusMillis(1)))
                .isTrue();
    }

    @Test
    void neitherKeepsNorPassesOnMoreThanItsBoundOfInventedNames() {
        for (int i = 0; i < 8_192; i++) {
            assertThat(book.buffer(new SerfMessage.Join(5, "invented-" + i), NOW))
                    .isTrue();
        }
        assertThat(book.buffer(new SerfMessage.Join(5, "one-more"), NOW)).isFalse();
        assertThat(book.buffer(new SerfMessage.Join(6, "invented-7"), NOW)).isTrue();
        assertThat(book.buffer(
                        new SerfMessage.Join(5, "later"), NOW.plus(TIMEOUT).plusMillis(1)))
                .isTrue();
    }

    @Test
    void witnessesTimesAsUnsignedNumbers() {
        book.members().witness(-2);
        assertThat(book.members().time()).isEqualTo(-1);
        book.members().witness(7);
        assertThat(book.members().time()).isEqualTo(-1);
    }

    @Test
    void staysAtTheLastTimeOfAllRatherThanStartingAgainAtZero() {
        book.members().witness(-1);
        assertThat(book.stampJoin("n").ltime()).isEqualTo(-1);
        assertThat(book.stampLeave("n", false).ltime()).isEqualTo(-1);
        assertThat(book.members().time()).isEqualTo(-1);
    }
}
