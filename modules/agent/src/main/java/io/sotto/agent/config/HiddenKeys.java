package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps keys and tokens out of texts for people that quote what somebody wrote: the parsers of configuration files and of flags
 * repeat what they stumble over, and that may be a key, or the part of one that they took for a word.
 *
 * <p>Whatever looks like a key in base64 or like a token, wherever it stands, is taken for one: better to show too little. Immutable.
 */
public final class HiddenKeys {
    /** What stands where something was hidden. */
    static final String INSTEAD = "[not shown: it may be a key]";

    /** The shortest key is 22 characters and two signs for padding. */
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/]{22,}");

    /** A token as Consul makes them, and ours. */
    private static final Pattern TOKEN = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** How much of a key may be repeated: chance words such as an address of a file share so much with one. */
    private static final int PART_MIN = 6;

    private final List<String> candidates;

    private HiddenKeys(List<String> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    /** Hides what looks like a key in any of these texts. */
    public static HiddenKeys of(List<String> texts) {
        List<String> found = new ArrayList<>();
        for (String text : texts) {
            Matcher run = RUN.matcher(text);
            while (run.find()) {
                // Words and file names keep to one case as a rule, random characters do not.
                if (run.group().chars().anyMatch(Character::isUpperCase)
                        && run.group().chars().anyMatch(Character::isLowerCase)) {
                    found.add(run.group());
                }
            }
            Matcher token = TOKEN.matcher(text);
            while (token.find()) {
                found.add(token.group());
            }
        }
        return new HiddenKeys(found);
    }

    /** The text, without any part of a key. */
    public String hide(String text) {
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int length = partAt(text, at);
            if (length == 0) {
                shown.append(text.charAt(at++));
            } else {
                shown.append(INSTEAD);
                at += length;
            }
        }
        return shown.toString();
    }

    /** How many characters from {@code at} on are a part of a candidate, if they are too many to be chance. */
    private int partAt(String text, int at) {
        int longest = 0;
        for (String candidate : candidates) {
            int length = Math.max(longest + 1, PART_MIN);
            while (at + length <= text.length() && candidate.contains(text.substring(at, at + length))) {
                longest = length++;
            }
        }
        return longest;
    }
}
