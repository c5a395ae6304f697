package io.sotto.agent.demo;

import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bytes for people: hexadecimal with the printable characters beside it, and the words that anyone could read in them. */
final class HexText {
    private static final int PER_LINE = 16;
    private static final int WORD_MIN_LETTERS = 5;

    private HexText() {}

    /** Lines such as {@code 0000  00 82 a5 53 …  ...SeqNo}. */
    static List<String> dump(Octets bytes) {
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < bytes.length(); line += PER_LINE) {
            StringBuilder hex = new StringBuilder();
            StringBuilder text = new StringBuilder();
            for (int i = line; i < Math.min(line + PER_LINE, bytes.length()); i++) {
                hex.append(String.format(Locale.ROOT, "%02x ", bytes.at(i)));
                text.append(isPrintable(bytes.at(i)) ? (char) bytes.at(i) : '.');
            }
            lines.add(String.format(Locale.ROOT, "%04x  %-" + 3 * PER_LINE + "s %s", line, hex, text));
        }
        return lines;
    }

    /** Runs of at least five letters: what a curious neighbour on the network reads without any key. */
    static List<String> words(Octets bytes) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= bytes.length(); i++) {
            if (i < bytes.length() && isLetter(bytes.at(i))) {
                word.append((char) bytes.at(i));
                continue;
            }
            if (word.length() >= WORD_MIN_LETTERS) {
                words.add(word.toString());
            }
            word.setLength(0);
        }
        return words;
    }

    private static boolean isPrintable(int octet) {
        return octet >= ' ' && octet < 0x7f;
    }

    private static boolean isLetter(int octet) {
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
