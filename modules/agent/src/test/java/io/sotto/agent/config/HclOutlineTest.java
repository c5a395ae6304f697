package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HclOutlineTest {

    @Test
    void linesOfHclKeysAreFoundThroughCommentsStringsAndHeredocs() {
        String text = """
                # key = 1
                a = "x { y = 1 }" /* b
                = 2 */
                block {
                  inner = <<EOF
                fake = 1
                EOF
                  list = [{ not = "seen" }, 2]
                  last = 3
                }
                "quoted" = true
                """;
        assertThat(HclOutline.of(text).lines())
                .containsEntry("a", 2)
                .containsEntry("block", 4)
                .containsEntry("block.inner", 5)
                .containsEntry("block.list", 8)
                .containsEntry("block.last", 9)
                .containsEntry("quoted", 11)
                .doesNotContainKeys("key", "b", "fake", "block.not");
    }
}
