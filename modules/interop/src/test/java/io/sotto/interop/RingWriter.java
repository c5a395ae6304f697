package io.sotto.interop;

import io.sotto.gossip.keys.KeyringFile;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A process that holds nothing but the store of a ring and writes ring after ring, saying the number of each that is
 * complete, until it is killed or nobody listens. Arguments: file, seed, first number, {@code durable} or {@code in-place}.
 */
final class RingWriter {
    private static final int PIECE_BYTES = 16;

    private RingWriter() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        boolean durable = arguments[3].equals("durable");
        for (int number = Integer.parseInt(arguments[2]); !System.out.checkError(); number++) {
            Keyring ring = Rings.ring(seed, number);
            if (durable) {
                new KeyringFile(file).store(ring, KeyringFile.Layout.INDENTED);
            } else {
                overwrite(file, ring);
            }
            System.out.println(number);
        }
    }

    /** How not to do it: what shows that the check finds a file that a kill has spoilt. */
    private static void overwrite(Path file, Keyring ring) throws IOException {
        byte[] bytes = ring.keys().stream()
                .map(RingWriter::quoted)
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
                out.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at));
            }
        }
    }

    private static String quoted(GossipKey key) {
        return '"' + key.toBase64(KeyAccess.KEYRING_FILE) + '"';
    }
}
