package io.weft;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/** The ways for a coroutine to wait for ever, unless something ends it. */
enum Block {
    SLEEP {
        @Override
        void run() throws Exception {
            Weft.sleep(Duration.ofDays(1));
        }
    },
    JOIN {
        @Override
        void run() throws Exception {
            neverStarted().join();
        }
    },
    TIMED_JOIN {
        @Override
        void run() throws Exception {
            neverStarted().join(Duration.ofDays(1));
        }
    },
    GET {
        @Override
        void run() throws Exception {
            neverStarted().get();
        }
    },
    WAIT_QUEUE {
        @Override
        void run() throws Exception {
            var queue = new WaitQueue();
            queue.lock();
            try {
                queue.await(Deadline.NEVER, queue);
            } finally {
                queue.unlock();
            }
        }
    },
    YIELD_FOR_EVER {
        @Override
        void run() throws Exception {
            while (true) {
                Weft.yieldNow();
            }
        }
    },
    AWAIT_OF_A_NETTY_FUTURE {
        @Override
        void run() throws Exception {
            Weft.await(Loop.require("Block").eventLoop().newPromise());
        }
    },
    AWAIT_OF_A_STAGE {
        @Override
        void run() throws Exception {
            Weft.await(new CompletableFuture<>().minimalCompletionStage());
        }
    },
    THREAD_SLEEP {
        @Override
        void run() throws Exception {
            Thread.sleep(Duration.ofDays(1));
        }
    },
    BLOCKING_QUEUE {
        @Override
        void run() throws Exception {
            new LinkedBlockingQueue<>().take();
        }
    },
    OBJECT_WAIT {
        @Override
        @SuppressWarnings("WaitNotInLoop") // nobody notifies
        void run() throws Exception {
            var monitor = new Object();
            synchronized (monitor) {
                monitor.wait();
            }
        }
    },
    TIMED_OBJECT_WAIT {
        @Override
        @SuppressWarnings("WaitNotInLoop") // nobody notifies
        void run() throws Exception {
            var monitor = new Object();
            synchronized (monitor) {
                monitor.wait(Duration.ofDays(1).toMillis());
            }
        }
    },
    COMPLETABLE_FUTURE {
        @Override
        void run() throws Exception {
            new CompletableFuture<>().get();
        }
    },
    LATCH {
        @Override
        void run() throws Exception {
            new CountDownLatch(1).await();
        }
    },
    LOCK_INTERRUPTIBLY {
        @Override
        void run() throws Exception {
            HELD.lockInterruptibly();
        }
    },
    SOCKET_READ {
        @Override
        void run() throws Exception {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var client = new Socket(server.getInetAddress(), server.getLocalPort());
                    var silent = server.accept()) {
                client.getInputStream().read();
                throw new AssertionError("nothing was to come from " + silent);
            }
        }
    };

    /** Its owner has gone without unlocking it. */
    private static final ReentrantLock HELD = new ReentrantLock();

    static {
        CompletableFuture.runAsync(HELD::lock).join();
    }

    abstract void run() throws Exception;

    /** As a coroutine's body. */
    Void call() throws Exception {
        run();
        throw new AssertionError(this + " has ended by itself");
    }

    /**
     * Whether the interrupt that ends this call is seen by the next one too, as java.net has it.
     */
    boolean leavesInterrupt() {
        return this == SOCKET_READ;
    }

    private static Coroutine<?> neverStarted() {
        return new Coroutine<>(Loop.require("Block"), "never started", () -> "");
    }
}
