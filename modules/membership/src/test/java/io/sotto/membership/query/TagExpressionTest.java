package io.sotto.membership.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Seeds;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of RE2 that anybody may send. */
class TagExpressionTest {
    private static final Map<String, String> TAGS = Map.of("role", "web");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{999}){999}){999}",
                "(((a{999}){1}){999}){9}",
                "(a{1,999}){1,999}",
                "((((((((((x{10}){10}){10}){10}){10}){10}){10}){10}){10}){10})",
                "(a|b)\\1",
                "(?=a)",
                "(?<!a)b",
                "a{1001}",
                "(",
                "[",
                "a**",
                "\\C"
            })
    void whatIsNoneOrMightCostTooMuchIsNoExpression(String expression) {
        assertThat(TagExpression.parse(expression)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "^web-[0-9]+$",
                "(?i)WEB",
                "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$",
                "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                "\\p{Greek}|\\pL{2,3}",
                "^.{0,512}$",
                "(a+)+$"
            })
    void whatPeopleWriteIsOne(String expression) {
        assertThat(TagExpression.parse(expression)).isPresent();
    }

    @Test
    void nestingThatWouldOverflowTheStackIsNone() {
        assertThat(TagExpression.parse("(".repeat(200) + ")".repeat(200))).isEmpty();
        assertThat(TagExpression.parse("x".repeat(513))).isEmpty();
    }

    @Test
    void anyLettersWhateverAreParsedOrNotAndNothingElseHappens() {
        Random random = Seeds.random();
        String letters = "ab(){}[]|*+?.^$\\,0123459:-pP<=!QE";
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            if (new QueryFilter.Tag("role", text.toString()).matches("n", TAGS)
                    || TagExpression.parse(text.toString()).isPresent()) {
                parsed++;
            }
        }
        assertThat(parsed).isPositive();
    }
}
