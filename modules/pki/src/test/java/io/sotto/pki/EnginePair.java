package io.sotto.pki;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** Two engines that talk in memory until both are done or one fails; then one byte each way, since 1.3 refuses late. */
final class EnginePair {
    record Outcome(Optional<SSLException> dialler, Optional<SSLException> server) {
        boolean works() {
            return dialler.isEmpty() && server.isEmpty();
        }
    }

    private static final int ROUNDS = 200;

    private final Side dialler;
    private final Side server;

    private EnginePair(SSLEngine dialler, SSLEngine server) {
        this.dialler = new Side(dialler, "from the dialler");
        this.server = new Side(server, "from the server");
    }

    static Outcome talk(SSLEngine dialler, SSLEngine server) {
        EnginePair pair = new EnginePair(dialler, server);
        for (int round = 0; round < ROUNDS && !pair.done(); round++) {
            pair.dialler.step(pair.server);
            pair.server.step(pair.dialler);
        }
        if (!pair.done()) {
            throw new AssertionError("no end: " + dialler.getHandshakeStatus() + ", " + server.getHandshakeStatus());
        }
        return new Outcome(pair.dialler.failure, pair.server.failure);
    }

    private boolean done() {
        boolean failed = dialler.failure.isPresent() && server.failure.isPresent();
        return failed || (dialler.heard && server.heard);
    }

    private static final class Side {
        private final SSLEngine engine;
        private final ByteBuffer incoming = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer word;
        private boolean heard;
        private Optional<SSLException> failure = Optional.empty();

        Side(SSLEngine engine, String word) {
            this.engine = engine;
            this.word = ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII));
        }

        void step(Side other) {
            try {
                unwrap();
            } catch (SSLException refused) {
                fail(refused);
            }
            try {
                wrapTo(other);
            } catch (SSLException refused) {
                fail(refused);
            }
        }

        private void fail(SSLException refused) {
            if (failure.isEmpty()) {
                failure = Optional.of(refused);
            }
        }

        private void unwrap() throws SSLException {
            runTasks();
            incoming.flip();
            try {
                ByteBuffer clear = ByteBuffer.allocate(1 << 16);
                while (incoming.hasRemaining()) {
                    SSLEngineResult result = engine.unwrap(incoming, clear);
                    runTasks();
                    if (result.bytesProduced() > 0) {
                        heard = true;
                    }
                    if (result.getStatus() != SSLEngineResult.Status.OK
                            || (result.bytesConsumed() == 0 && result.bytesProduced() == 0)) {
                        break;
                    }
                }
            } finally {
                incoming.compact();
            }
        }

        private void wrapTo(Side other) throws SSLException {
            while (true) {
                runTasks();
                boolean talking = engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
                ByteBuffer source = talking && failure.isEmpty() ? word : ByteBuffer.allocate(0);
                ByteBuffer out = ByteBuffer.allocate(1 << 16);
                SSLEngineResult result = engine.wrap(source, out);
                out.flip();
                other.incoming.put(out);
                if (result.bytesProduced() == 0) {
                    return;
                }
            }
        }

        private void runTasks() {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
    }
}
