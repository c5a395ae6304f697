package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void aNameCanNeitherMakeUpLinesNorActOnATerminal() {
        assertThat(Printable.of("web-1\nserf: EventMemberLeave: db-1")).isEqualTo("web-1?serf: EventMemberLeave: db-1");
        assertThat(Printable.of("\u001b[2J\r\u0007\u009b\u2028\u202e\ud83d")).isEqualTo("?[2J??????");
    }

    @Test
    void lettersOfAnyLanguageStay() {
        assertThat(Printable.of("Bäckerei-1.東京")).isEqualTo("Bäckerei-1.東京");
    }

    @Test
    void whatIsLongIsCut() {
        assertThat(Printable.of("n".repeat(1_000))).hasSize(131).endsWith("...");
    }
}
