package io.sotto.membership.query;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A regular expression over a tag's value, in the syntax of RE2, which every member of a real pool uses: no
 * back-references, no look-around, and a search that never takes longer than expression times text.
 *
 * <p>Whoever may send a query chooses the expression, and an expression of fifty letters can ask for a program of a
 * thousand million steps, {@code ((a{999}){999}){999}}. So what it may come to is reckoned before it is compiled, and what
 * might come to too much counts as no expression. Immutable. Source: gossip specification, section 17.6; the bound is ours.
 */
public final class TagExpression {
    private static final int LENGTH_MAX = 512;
    private static final int DEPTH_MAX = 50;
    private static final int SIZE_MAX = 20_000;

    private final Pattern pattern;

    private TagExpression(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Empty if it is no such expression, or one that might be too costly. */
    public static Optional<TagExpression> parse(String expression) {
        if (expression.length() > LENGTH_MAX || depth(expression) > DEPTH_MAX || sizeAtMost(expression) > SIZE_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TagExpression(Pattern.compile(expression)));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** Whether any part of the value fits; a tag that is missing counts as empty text. */
    public boolean matches(String value) {
        return pattern.matcher(value).find();
    }

    /** Parentheses that may be open at once; those in classes and behind a backslash are counted too. */
    private static int depth(String expression) {
        return (int) expression.chars().filter(c -> c == '(').count();
    }

    /**
     * Steps that its program has at most, reckoned without reading its syntax: where nothing is grouped a count repeats
     * one character or class; where something is, each count may repeat all others.
     */
    private static long sizeAtMost(String expression) {
        boolean grouped = expression.indexOf('(') >= 0;
        long sum = 0;
        long product = 1;
        for (int at = expression.indexOf('{'); at >= 0; at = expression.indexOf('{', at + 1)) {
            long count = greatestCount(expression, at + 1);
            sum += count;
            product = Math.min(SIZE_MAX + 1L, product * Math.max(1, count));
        }
        return grouped ? expression.length() * product : expression.length() + sum;
    }

    /** The greater of up to two numbers, {@code {least,most}}; 0 where there is none. */
    private static long greatestCount(String expression, int from) {
        long greatest = 0;
        long number = 0;
        for (int at = from; at < expression.length(); at++) {
            char c = expression.charAt(at);
            if (c >= '0' && c <= '9') {
                number = Math.min(SIZE_MAX + 1L, number * 10 + (c - '0'));
                greatest = Math.max(greatest, number);
            } else if (c == ',') {
                number = 0;
            } else {
                break;
            }
        }
        return greatest;
    }
}
