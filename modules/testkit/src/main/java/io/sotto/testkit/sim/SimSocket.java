package io.sotto.testkit.sim;

import io.sotto.gossip.network.Connection;
import io.sotto.rpc.link.LinkSocket;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** What a production link takes for a socket: an end of a simulated connection, read and written in the process's lane. */
final class SimSocket implements LinkSocket {
    /** Longer than any link waits for a connection; it closes the socket when it has had enough. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final SimEndpoint endpoint;
    private @Nullable Connection connection;
    private @Nullable IOException failure;
    private Runnable ready = () -> {};
    private Octets unread = Octets.empty();
    private boolean isReading;
    private boolean hasEndArrived;
    private boolean hasInputEnded;
    private boolean isBlocked;
    private boolean hasSent;
    private boolean isClosed;
    private boolean wantsInput;
    private boolean wantsRoom;

    /** One that is to be connected. */
    SimSocket(SimEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** One that was accepted. */
    SimSocket(SimEndpoint endpoint, Connection accepted) {
        this.endpoint = endpoint;
        this.connection = accepted;
    }

    @Override
    public void enter(Runnable newReady) {
        ready = newReady;
    }

    @Override
    public void leave() {
        ready = () -> {};
    }

    @Override
    public boolean connect(InetSocketAddress to) {
        CompletableFuture<Connection> dialled = endpoint.connect(to, PATIENCE).toCompletableFuture();
        CompletableFuture<Connection> unused = dialled.whenComplete((opened, problem) -> {
            if (problem != null) {
                failure = new IOException(problem.getMessage(), problem);
            } else if (isClosed) {
                opened.close();
            } else {
                connection = opened;
            }
            ready.run();
        });
        return false;
    }

    @Override
    public boolean isConnected() {
        return connection != null;
    }

    @Override
    public boolean finishConnect() throws IOException {
        throwFailure();
        return isConnected();
    }

    @Override
    public int read(byte[] target) throws IOException {
        if (!unread.isEmpty()) {
            int count = Math.min(unread.length(), target.length);
            unread.slice(0, count).copyTo(target, 0);
            unread = unread.slice(count, unread.length() - count);
            return count;
        }
        throwFailure();
        if (hasEndArrived) {
            hasInputEnded = true;
            return -1;
        }
        return 0;
    }

    @Override
    public boolean hasInputEnded() {
        return hasInputEnded;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        throwFailure();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        hasSent |= copy.length > 0;
        CompletableFuture<Done> written = connected().write(Octets.wrap(copy)).toCompletableFuture();
        if (written.isCompletedExceptionally()) {
            throw new IOException("broken pipe");
        }
        isBlocked = !written.isDone();
        if (isBlocked) {
            CompletableFuture<Done> unused = written.whenComplete((done, problem) -> {
                isBlocked = false;
                tellIfWanted();
            });
        }
        return copy.length;
    }

    /** The network keeps it all; what it has not taken yet, it takes by itself. */
    @Override
    public int writeKept() {
        return 0;
    }

    @Override
    public boolean isBlocked() {
        return isBlocked;
    }

    @Override
    public boolean hasSent() {
        return hasSent;
    }

    @Override
    public void endOutput() throws IOException {
        connected().finish();
    }

    @Override
    public void rest(boolean takesInput, boolean willWrite) {
        wantsInput = takesInput && !hasInputEnded;
        wantsRoom = willWrite;
        if (wantsInput && !isReading && !hasInput()) {
            isReading = true;
            startReading();
        }
        tellIfWanted();
    }

    @Override
    public void close() {
        isClosed = true;
        Connection opened = connection;
        if (opened != null) {
            opened.close();
        }
    }

    private void startReading() {
        Connection opened = connection;
        if (opened == null) {
            return;
        }
        CompletableFuture<Octets> read = opened.read().toCompletableFuture();
        CompletableFuture<Octets> unused = read.whenComplete((bytes, problem) -> {
            isReading = false;
            if (problem != null) {
                failure = new IOException(problem.getMessage(), problem);
            } else if (bytes.isEmpty()) {
                hasEndArrived = true;
            } else {
                unread = bytes;
            }
            tellIfWanted();
        });
    }

    private boolean hasInput() {
        return !unread.isEmpty() || hasEndArrived || failure != null;
    }

    private void tellIfWanted() {
        if ((wantsInput && hasInput()) || (wantsRoom && !isBlocked)) {
            wantsInput = false;
            wantsRoom = false;
            ready.run();
        }
    }

    private Connection connected() throws IOException {
        Connection opened = connection;
        if (opened == null) {
            throw new IOException("not connected");
        }
        return opened;
    }

    private void throwFailure() throws IOException {
        IOException known = failure;
        if (known != null) {
            throw known;
        }
    }
}
