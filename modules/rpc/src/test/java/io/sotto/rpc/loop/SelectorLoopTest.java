package io.sotto.rpc.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SelectorLoopTest {
    private static final int PATIENCE_SECONDS = 60;

    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private final CompletableFuture<Thread> made = new CompletableFuture<>();
    private SelectorLoop loop;
    private Thread thread;

    @BeforeEach
    void start() throws Exception {
        loop = new SelectorLoop(
                task -> {
                    var one = new Thread(task, "loop under test");
                    one.setUncaughtExceptionHandler((where, what) -> uncaught.add(what));
                    made.complete(one);
                    return one;
                },
                System::nanoTime,
                Duration.ofNanos(50_000));
        thread = made.join();
    }

    @AfterEach
    void end() throws Exception {
        loop.shutdown();
        assertThat(loop.awaitEnd(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (Pipe pipe : pipes) {
            pipe.sink().close();
            pipe.source().close();
        }
    }

    @Test
    void aLoopThatSleepsIsWokenByEveryTaskOfEveryThread() throws Exception {
        int threads = 4;
        int rounds = 5_000;
        List<CompletableFuture<Integer>> askers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            CompletableFuture<Integer> done = new CompletableFuture<>();
            askers.add(done);
            new Thread(() -> {
                        int answered = 0;
                        // Each waits for its answer, so that the loop has nothing to do again and again.
                        for (int round = 0; round < rounds && answer(); round++) {
                            answered++;
                        }
                        done.complete(answered);
                    })
                    .start();
        }
        for (CompletableFuture<Integer> asker : askers) {
            assertThat(asker.get(2 * PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(rounds);
        }
    }

    @Test
    void tasksRunInTheirOrderOnTheOneThreadWhichIsADaemon() throws Exception {
        List<Integer> order = new ArrayList<>();
        List<Thread> ranOn = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            loop.execute(() -> {
                order.add(number);
                ranOn.add(Thread.currentThread());
            });
        }
        assertThat(answer()).isTrue();
        assertThat(order).hasSize(1_000).isSorted();
        assertThat(ranOn).containsOnly(thread);
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void aChannelIsToldOfWhatItAskedForAndOfNothingElse() throws Exception {
        Pipe pipe = pipe();
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        var told = new AtomicInteger();
        SelectionKey key = on(() -> loop.register(pipe.source(), told::incrementAndGet));
        assertThat(answer()).isTrue();
        assertThat(told).hasValue(0);
        var ready = new CompletableFuture<Thread>();
        Pipe second = pipe();
        on(() -> loop.register(second.source(), () -> ready.complete(Thread.currentThread()))
                .interestOps(SelectionKey.OP_READ));
        second.sink().write(ByteBuffer.wrap(new byte[1]));
        assertThat(ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(thread);
        assertThat(told).hasValue(0);
        assertThat(key.isValid()).isTrue();
    }

    @Test
    void aChannelClosedByAnothersTurnIsToldNothingAndTheLoopGoesOn() throws Exception {
        Pipe one = pipe();
        Pipe other = pipe();
        var told = new AtomicInteger();
        one.sink().write(ByteBuffer.wrap(new byte[1]));
        other.sink().write(ByteBuffer.wrap(new byte[1]));
        on(() -> {
            for (Pipe pipe : List.of(one, other)) {
                loop.register(pipe.source(), () -> {
                            told.incrementAndGet();
                            close(one.source());
                            close(other.source());
                        })
                        .interestOps(SelectionKey.OP_READ);
            }
            return told;
        });
        assertThat(answer()).isTrue();
        assertThat(answer()).isTrue();
        assertThat(told).hasValue(1);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aChannelWhoseKeyWasCancelledGoesOnInAnotherLoop() throws Exception {
        Pipe pipe = pipe();
        on(() -> {
            SelectionKey key = loop.register(pipe.source(), () -> {
                throw new IllegalStateException("told after it had left");
            });
            key.interestOps(SelectionKey.OP_READ);
            key.cancel();
            return key;
        });
        var next = new SelectorLoop(Thread::new, System::nanoTime, Duration.ZERO);
        var ready = new CompletableFuture<Thread>();
        on(
                next,
                () -> next.register(pipe.source(), () -> ready.complete(Thread.currentThread()))
                        .interestOps(SelectionKey.OP_READ));
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        assertThat(ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotEqualTo(thread);
        assertThat(answer()).isTrue();
        assertThat(uncaught).isEmpty();
        next.shutdown();
        assertThat(next.awaitEnd(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(pipe.source().isOpen()).isFalse();
    }

    @Test
    void manySocketsAllHaveTheirTurnThoughTasksNeverEnd() throws Exception {
        int sockets = 300;
        var stop = new CompletableFuture<Void>();
        var endless = new Runnable() {
            @Override
            public void run() {
                if (!stop.isDone()) {
                    loop.execute(this);
                }
            }
        };
        loop.execute(endless);
        var told = new CountDownLatch(sockets);
        for (int i = 0; i < sockets; i++) {
            Pipe pipe = pipe();
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            on(() -> loop.register(pipe.source(), () -> {
                        close(pipe.source());
                        told.countDown();
                    })
                    .interestOps(SelectionKey.OP_READ));
        }
        assertThat(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        stop.complete(null);
    }

    @Test
    void tasksHaveTheirTurnThoughSocketsAreAlwaysReady() throws Exception {
        for (int i = 0; i < 100; i++) {
            Pipe pipe = pipe();
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            // Nobody reads.
            on(() -> loop.register(pipe.source(), () -> {}).interestOps(SelectionKey.OP_READ));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(answer()).isTrue();
        }
    }

    @Test
    void whatATaskThrowsGoesToTheThreadsHandlerAndTheLoopGoesOn() throws Exception {
        var exception = new IllegalStateException("a task's");
        var error = new AssertionError("another task's");
        loop.execute(() -> {
            throw exception;
        });
        loop.execute(() -> {
            throw error;
        });
        assertThat(answer()).isTrue();
        assertThat(uncaught).containsExactly(exception, error);
    }

    @Test
    void anInterruptEndsWithItsTaskAndClosesNoSocket() throws Exception {
        Pipe pipe = pipe();
        var read = new CompletableFuture<Integer>();
        on(() -> loop.register(pipe.source(), () -> {
                    try {
                        read.complete(pipe.source().read(ByteBuffer.allocate(1)));
                    } catch (IOException e) {
                        read.completeExceptionally(e);
                    }
                })
                .interestOps(SelectionKey.OP_READ));
        loop.execute(() -> Thread.currentThread().interrupt());
        var interrupted = new CompletableFuture<Boolean>();
        loop.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
        assertThat(interrupted.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
        thread.interrupt();
        assertThat(answer()).isTrue();
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        assertThat(read.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isOne();
        assertThat(pipe.source().isOpen()).isTrue();
    }

    @Test
    void itsEndComesAfterTheTasksThatWaitAndClosesWhatIsRegistered() throws Exception {
        Pipe pipe = pipe();
        on(() -> loop.register(pipe.source(), () -> {}).interestOps(SelectionKey.OP_READ));
        var begun = new CountDownLatch(1);
        var goOn = new Semaphore(0);
        var ran = new AtomicInteger();
        loop.execute(() -> {
            begun.countDown();
            goOn.acquireUninterruptibly();
        });
        begun.await();
        for (int i = 0; i < 1_000; i++) {
            loop.execute(ran::incrementAndGet);
        }
        loop.shutdown();
        assertThat(loop.hasEnded()).isFalse();
        goOn.release();
        assertThat(loop.awaitEnd(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(1_000);
        assertThat(pipe.source().isOpen()).isFalse();
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(thread.isAlive()).isFalse();
        assertThatThrownBy(() -> loop.execute(ran::incrementAndGet)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void whatIsAskedOfALoopThatEndsIsRunOrRejected() throws Exception {
        var ran = new AtomicInteger();
        var taken = new AtomicInteger();
        var all = new CountDownLatch(4);
        var underWay = new CountDownLatch(1_000);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        try {
                            while (true) {
                                loop.execute(ran::incrementAndGet);
                                taken.incrementAndGet();
                                underWay.countDown();
                            }
                        } catch (RejectedExecutionException ended) {
                            all.countDown();
                        }
                    })
                    .start();
        }
        underWay.await();
        loop.shutdown();
        assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.awaitEnd(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ran.get()).isEqualTo(taken.get());
    }

    @Test
    void anAddressIsFreeAgainWhenTheLoopSaysSo() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        for (int i = 0; i < 50; i++) {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.configureBlocking(false);
            server.bind(address);
            address = (InetSocketAddress) server.getLocalAddress();
            var gone = new CompletableFuture<Thread>();
            on(() -> {
                loop.register(server, () -> {}).interestOps(SelectionKey.OP_ACCEPT);
                loop.close(server, () -> gone.complete(Thread.currentThread()));
                return server;
            });
            assertThat(gone.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(thread);
        }
    }

    @Test
    void onlyItsOwnThreadIsTheLoop() throws Exception {
        assertThat(on(SelectorLoop::current)).isSameAs(loop);
        assertThatThrownBy(SelectorLoop::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Thread.currentThread().getName());
    }

    private Pipe pipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipes.add(pipe);
        return pipe;
    }

    private boolean answer() {
        var done = new Semaphore(0);
        loop.execute(done::release);
        try {
            return done.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Asked<T> {
        T get() throws IOException;
    }

    private <T> T on(Asked<T> asked) throws Exception {
        return on(loop, asked);
    }

    private static <T> T on(Executor where, Asked<T> asked) throws Exception {
        var result = new CompletableFuture<T>();
        where.execute(() -> {
            try {
                result.complete(asked.get());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
