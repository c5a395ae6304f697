package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PageBlockTest {
    @Test
    void blocksHaveTheirLanguageTheirWordsAndTheirLine() {
        assertThat(PageBlock.of(List.of("Do", "```json file=a/b.json", "{", "}", "```", "then", "```sh", "ls", "```")))
                .containsExactly(
                        new PageBlock("json", Map.of("file", "a/b.json"), 2, "{\n}\n"),
                        new PageBlock("sh", Map.of(), 7, "ls\n"));
    }

    @Test
    void aBlockWithoutAnEndIsAFault() {
        assertThatThrownBy(() -> PageBlock.of(List.of("```sh", "ls"))).hasMessageContaining("line 1");
    }

    @Test
    void whatIsPrintedMatchesLineByLineWhateverTheSpaces() {
        PageBlock expected = text("Node  Status\none   alive\n");

        assertThat(expected.isPrintedAs("Node    Status\none     alive\n\n")).isTrue();
        assertThat(expected.isPrintedAs("Node    Status\none     failed\n")).isFalse();
        assertThat(expected.isPrintedAs("Node    Status\none     alive\ntwo alive\n"))
                .isFalse();
        assertThat(expected.isPrintedAs("Node    Status\n")).isFalse();
    }

    @Test
    void anEllipsisStandsForTheRestOfALineOrForAnyLines() {
        PageBlock expected = text("==> Starting…\n…\n  Encrypt: Gossip: true, …\n");

        assertThat(expected.isPrintedAs(
                        "==> Starting agent...\n a\n b\n   Encrypt: Gossip: true, TLS-Outgoing: false\n"))
                .isTrue();
        assertThat(expected.isPrintedAs("==> Starting agent...\n   Encrypt: Gossip: false, \n"))
                .isFalse();
    }

    private static PageBlock text(String text) {
        return new PageBlock("text", Map.of(), 1, text);
    }
}
