package io.sotto.agent.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * All that may differ between a real agent and ours: what differs from one real agent to the next, with the reason, and what is
 * otherwise on purpose, with the sentence of the page on differences that says so. Each must be seen at least once.
 */
public final class Deviations {
    private record Row(Pattern exchange, Pattern fact, Pattern ours, String why) {
        boolean explains(Exchange at, String name, Told.Difference difference) {
            return exchange.matcher(at.toString()).matches()
                    && fact.matcher(name).matches()
                    && ours.matcher(difference.ours()).matches();
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();
    private final BitSet seen = new BitSet();

    /** What is another from agent to agent, or from moment to moment. */
    public Deviations varies(String exchange, String fact, String ours, String why) {
        rows.add(new Row(dotAll(exchange), dotAll(fact), dotAll(ours), why));
        return this;
    }

    /**
     * What is otherwise on purpose.
     *
     * @param exchange a pattern of {@link Exchange#toString}
     * @param fact a pattern of the names of facts
     * @param ours a pattern of what sotto tells instead
     * @param sentence what {@code docs/reference/differences.md} has to say
     */
    public Deviations differs(String exchange, String fact, String ours, String sentence) {
        sentences.add(sentence);
        return varies(exchange, fact, ours, sentence);
    }

    private static Pattern dotAll(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL);
    }

    /** Fails where {@code ours} is not what the real agent told and no row says why. */
    public void check(Exchange exchange, Told ours) {
        Map<String, Told.Difference> unexplained = new TreeMap<>();
        exchange.real().differences(ours).forEach((name, difference) -> {
            boolean isExplained = false;
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i).explains(exchange, name, difference)) {
                    seen.set(i);
                    isExplained = true;
                }
            }
            if (!isExplained) {
                unexplained.put(name, difference);
            }
        });
        assertThat(unexplained).as("%s", exchange).isEmpty();
    }

    /** Fails for a row that explains nothing any more, and for a sentence that the page does not have. */
    public void checkRows() {
        List<String> idle = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (!seen.get(i)) {
                idle.add(rows.get(i).toString());
            }
        }
        assertThat(idle).as("differences that are none any more").isEmpty();
        String page = DifferencesPage.text();
        assertThat(sentences).allSatisfy(sentence -> assertThat(page).contains(sentence));
    }
}
