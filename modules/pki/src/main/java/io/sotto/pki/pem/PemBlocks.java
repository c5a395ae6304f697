package io.sotto.pki.pem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cuts a file into its blocks. Text between blocks is skipped, as the common tools write it there. */
final class PemBlocks {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int MAX_BLOCKS = 1024;

    private PemBlocks() {}

    static List<PemBlock> of(PemSource source) throws PemException {
        byte[] bytes = source.bytes();
        refuseWhatIsNoText(source.name(), bytes);
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\\r\\n|\\n|\\r", -1);
        List<PemBlock> blocks = new ArrayList<>();
        int at = 0;
        while (at < lines.length) {
            String label = label(lines[at], BEGIN);
            if (label.isEmpty()) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < lines.length && label(lines[end], END).isEmpty()) {
                if (!label(lines[end], BEGIN).isEmpty()) {
                    break;
                }
                end++;
            }
            if (end >= lines.length || !label(lines[end], END).equals(label)) {
                throw new PemException(source.name() + ", line " + (at + 1) + ": " + shown(label)
                        + " has no end: the file is cut off, or was read while it was being written");
            }
            if (blocks.size() == MAX_BLOCKS) {
                throw new PemException(source.name() + ": more than " + MAX_BLOCKS + " blocks");
            }
            blocks.add(block(source.name(), label, lines, at, end));
            at = end + 1;
        }
        return blocks;
    }

    /** A label without what does not belong into a log line. */
    static String shown(String label) {
        return label.matches("[A-Z0-9 .#-]{1,40}") ? label : "something with an odd label";
    }

    private static void refuseWhatIsNoText(String name, byte[] bytes) throws PemException {
        if (bytes.length == 0) {
            throw new PemException(name + ": the file is empty");
        }
        if (bytes[0] == 0x30) {
            throw new PemException(
                    name
                            + ": found DER or PKCS#12, expected PEM; convert it with openssl x509, openssl pkey or openssl pkcs12");
        }
        if (bytes.length > 1 && (isByteOrderMark(bytes) || bytes[0] == 0 || bytes[1] == 0)) {
            throw new PemException(name + ": found UTF-16 text, expected PEM as plain ASCII");
        }
    }

    private static boolean isByteOrderMark(byte[] bytes) {
        return (bytes[0] & 0xff) >= 0xfe && (bytes[1] & 0xff) >= 0xfe;
    }

    private static String label(String line, String start) {
        String text = line.strip();
        if (text.startsWith("\u00ef\u00bb\u00bf")) { // a byte order mark, read as Latin-1
            text = text.substring(3);
        }
        boolean is =
                text.startsWith(start) && text.endsWith(DASHES) && text.length() > start.length() + DASHES.length();
        return is ? text.substring(start.length(), text.length() - DASHES.length()) : "";
    }

    private static PemBlock block(String name, String label, String[] lines, int begin, int end) throws PemException {
        Map<String, String> headers = new HashMap<>();
        int at = begin + 1;
        while (at < end && lines[at].indexOf(':') > 0) {
            int colon = lines[at].indexOf(':');
            headers.put(
                    lines[at].substring(0, colon).strip(),
                    lines[at].substring(colon + 1).strip());
            at++;
        }
        StringBuilder text = new StringBuilder();
        for (; at < end; at++) {
            text.append(lines[at].strip());
        }
        try {
            byte[] content = Base64.getDecoder().decode(text.toString());
            if (content.length == 0) {
                throw new PemException(name + ", line " + (begin + 1) + ": " + shown(label) + " is empty");
            }
            return new PemBlock(label, headers, content, begin + 1);
        } catch (IllegalArgumentException notBase64) {
            throw new PemException(name + ", line " + (begin + 1) + ": " + shown(label) + " is not base64");
        }
    }
}
