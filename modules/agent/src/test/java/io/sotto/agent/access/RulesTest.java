package io.sotto.agent.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules say, and how they are written. */
final class RulesTest {
    private static final String HCL = """
            # a policy as Consul's documentation has them
            node_prefix "" { policy = "read" }
            node "secret" { policy = "deny" }
            key_prefix "app/" { policy = "write" }   // ours
            key_prefix "app/private/" {
              policy = "deny"
            }
            key "app/private/color" { policy = "read", intentions = "deny" }
            key_prefix "list/" { policy = "list" }
            /* over
               lines */
            operator = "read"
            keyring = "write"
            exec = "write"
            acl = "write"
            """;

    private static final String JSON = """
            {"node_prefix": {"": {"policy": "read"}},
             "node": {"secret": {"policy": "deny"}},
             "key_prefix": {"app/": {"policy": "write"}, "app/private/": {"policy": "deny"}, "list/": {"policy": "list"}},
             "key": {"app/private/color": {"policy": "read", "intentions": "deny"}},
             "operator": "read", "keyring": "write", "exec": "write", "acl": "write"}
            """;

    @ParameterizedTest
    @CsvSource({
        "NODE, web-1, READ, true",
        "NODE, web-1, WRITE, false",
        "NODE, secret, READ, false",
        "NODE, secret-2, READ, true",
        "KEY, app/x, WRITE, true",
        "KEY, app/private/x, READ, false",
        "KEY, app/private/color, READ, true",
        "KEY, app/private/color, WRITE, false",
        "KEY, app, READ, false",
        "KEY, list/x, LIST, true",
        "KEY, list/x, READ, true",
        "KEY, list/x, WRITE, false",
        "KEY, other, READ, false",
        "OPERATOR, '', READ, true",
        "OPERATOR, '', WRITE, false",
        "KEYRING, '', WRITE, true",
        "EXEC, '', WRITE, true",
        "AGENT, web-1, READ, false",
        "SESSION, web-1, WRITE, false"
    })
    void theRuleOfTheNameCountsThenThatOfTheLongestPrefix(Resource resource, String name, Level wanted, boolean allowed)
            throws RulesException {
        for (String text : new String[] {HCL, JSON}) {
            assertThat(RulesText.read(text).allows(resource, name, wanted, Level.DENY))
                    .as(text)
                    .isEqualTo(allowed);
        }
    }

    @Test
    void whereNoRuleSaysAnythingTheDefaultDoes() throws RulesException {
        Rules rules = RulesText.read("agent \"a\" { policy = \"deny\" }");
        assertThat(rules.allows(Resource.KEY, "x", Level.WRITE, Level.WRITE)).isTrue();
        assertThat(rules.allows(Resource.KEY, "x", Level.READ, Level.DENY)).isFalse();
        assertThat(rules.allows(Resource.AGENT, "a", Level.READ, Level.WRITE)).isFalse();
        assertThat(RulesText.read("").allows(Resource.AGENT, "a", Level.READ, Level.DENY))
                .isFalse();
        assertThat(Rules.management().allows(Resource.EXEC, "", Level.WRITE, Level.DENY))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "app/, false",
        "app/public/, true",
        "app/private/, false",
        "app/priv, false",
        "'', false",
        "list/, false"
    })
    void writingAllUnderAPrefixTakesEveryRuleBelowIt(String prefix, boolean allowed) throws RulesException {
        assertThat(RulesText.read(HCL).allowsAllUnder(Resource.KEY, prefix, Level.WRITE, Level.DENY))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node \"a\" { policy = \"list\" } | line 1: Invalid node policy: \"list\"",
                "operator = \"admin\" | line 1: Invalid operator policy: \"admin\"",
                "keyring \"x\" { policy = \"read\" } | line 1: keyring takes no name: keyring = \"read\"",
                "node = \"read\" | line 1: node takes a name: node_prefix \"\" { policy = \"read\" }",
                "nodes \"a\" { policy = \"read\" } | line 1: invalid key nodes",
                "node \"a\" { } | line 1: node \"a\" has no policy",
                "node \"a\" { policy = \"read\" policy = \"write\" } | line 1: invalid key policy in a rule: it takes one policy",
                "node \"a\" { sentinel = \"x\" } | line 1: invalid key sentinel in a rule: it takes one policy",
                "node \"a\" { policy = \"read\" | line 1: the text ends in the midst of a rule",
                "node \"a { policy | line 1: the text ends in the midst of a rule",
                "node a { } | line 1: expected a name or a word in quotes, found 'a'",
                "} | line 1: expected a rule, found '}'",
                "operator = read | line 1: expected a name or a word in quotes, found 'r'",
                "{\"node\": [\"a\"]} | node takes a word, or an object of names",
                "{\"node\": {\"a\": \"read\"}} | node \"a\" takes an object with a policy",
                "{\"node\": {\"a\": {\"policy\": 1}}} | policy of node \"a\" takes a word",
                "{\"node\" | line 1: unexpected end of JSON input after object key"
            })
    void whatIsNoRuleIsAFaultWithItsLine(String text, String fault) {
        assertThatThrownBy(() -> RulesText.read(text))
                .isInstanceOf(RulesException.class)
                .hasMessage(fault);
    }

    @Test
    void aRuleThatStandsThereTwiceIsAFaultAndItsLineIsTold() {
        assertThatThrownBy(() -> RulesText.read(HCL + "node \"secret\" { policy = \"read\" }"))
                .hasMessage("line 16: node \"secret\" stands there twice");
        assertThatThrownBy(() -> RulesText.read("operator = \"read\"\noperator = \"deny\""))
                .hasMessage("line 2: operator stands there twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_025, 40_000})
    void neitherTooManyRulesNorTooLongATextIsRead(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("key \"").append(i).append("\" { policy = \"read\" }\n");
        }
        assertThatThrownBy(() -> RulesText.read(text.toString()))
                .isInstanceOf(RulesException.class)
                .message()
                .containsAnyOf("more than 1024 rules", "rules take at most 65536 characters");
    }
}
