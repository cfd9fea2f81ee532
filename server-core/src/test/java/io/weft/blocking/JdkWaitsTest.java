package io.weft.blocking;

import static io.weft.blocking.Meanwhile.ends;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** What the JDK parks: sleeping, monitors, locks, queues, futures. */
@SuppressWarnings({
    "LockNotBeforeTry", // each lock is taken by one and given back at another's word
    "WaitNotInLoop" // nobody else notifies
})
class JdkWaitsTest {
    /** One wakes while the other sleeps on, so both slept at once. */
    @Test
    void threadSleep() throws Exception {
        var order = new ArrayList<Duration>();
        Weft.run(
                () -> {
                    var slow = Weft.spawn(() -> sleepThenAdd(Duration.ofDays(1), order));
                    var quick = Weft.spawn(() -> sleepThenAdd(Duration.ofMillis(1), order));
                    quick.join();
                    order.add(Duration.ZERO);
                    Meanwhile.awaitBlocked(slow);
                    slow.kill();
                    slow.join();
                    assertThat(slow.state()).isEqualTo(Coroutine.State.KILLED);
                });
        assertThat(order).containsExactly(Duration.ofMillis(1), Duration.ZERO);
    }

    private static void sleepThenAdd(Duration time, List<Duration> order)
            throws InterruptedException {
        Thread.sleep(time);
        order.add(time);
    }

    @Test
    @SuppressWarnings("NakedNotify")
    void objectWait() throws Exception {
        var monitor = new Object();
        boolean woken =
                ends(
                        () -> {
                            synchronized (monitor) {
                                monitor.wait();
                                return true;
                            }
                        },
                        () -> {
                            synchronized (monitor) {
                                monitor.notifyAll();
                            }
                        });
        assertThat(woken).isTrue();
    }

    /** The owner of the monitor sleeps on the same loop; both that and the contender park. */
    @Test
    void synchronizedContention() throws Exception {
        var monitor = new Object();
        var order = new ArrayList<String>();
        Weft.run(
                () -> {
                    var release = new CountDownLatch(1);
                    var owner =
                            Weft.spawn(
                                    () -> {
                                        synchronized (monitor) {
                                            order.add("owner in");
                                            release.await();
                                            order.add("owner out");
                                        }
                                    });
                    var contender =
                            Weft.spawn(
                                    () -> {
                                        synchronized (monitor) {
                                            order.add("contender in");
                                        }
                                    });
                    Weft.yieldNow();
                    Meanwhile.awaitBlocked(contender);
                    order.add("third runs");
                    release.countDown();
                    contender.join();
                    owner.join();
                });
        assertThat(order).containsExactly("owner in", "third runs", "owner out", "contender in");
    }

    @Test
    void parkedThread() throws Exception {
        var parked = new Thread[1];
        ends(
                () -> {
                    parked[0] = Thread.currentThread();
                    LockSupport.park();
                    return true;
                },
                () -> LockSupport.unpark(parked[0]));
    }

    @Test
    void reentrantLockAndCondition() throws Exception {
        var lock = new ReentrantLock();
        var condition = lock.newCondition();
        ends(
                () -> {
                    lock.lock();
                    try {
                        return condition.await(1, TimeUnit.DAYS);
                    } finally {
                        lock.unlock();
                    }
                },
                () -> {
                    lock.lock();
                    condition.signal();
                    lock.unlock();
                });
    }

    @Test
    void contendedLock() throws Exception {
        var lock = new ReentrantLock();
        var release = new CountDownLatch(1);
        var locked = new CountDownLatch(1);
        Thread owner =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    lock.lock();
                                    locked.countDown();
                                    await(release);
                                    lock.unlock();
                                });
        locked.await();
        ends(
                () -> {
                    lock.lock();
                    lock.unlock();
                    return true;
                },
                release::countDown);
        owner.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readWriteAndStampedLocks() throws Exception {
        var lock = new ReentrantReadWriteLock();
        var stamped = new StampedLock();
        Weft.run(
                () -> {
                    lock.readLock().lock();
                    long stamp = stamped.writeLock();
                    var writer =
                            Weft.spawn(
                                    () -> {
                                        lock.writeLock().lock();
                                        lock.writeLock().unlock();
                                    });
                    var reader = Weft.spawn(() -> stamped.unlockRead(stamped.readLock()));
                    Weft.yieldNow();
                    Meanwhile.awaitBlocked(writer);
                    Meanwhile.awaitBlocked(reader);
                    lock.readLock().unlock();
                    stamped.unlockWrite(stamp);
                    writer.join();
                    reader.join();
                });
    }

    @Test
    void latchBarrierSemaphorePhaserExchanger() throws Exception {
        var latch = new CountDownLatch(1);
        ends(
                () -> {
                    latch.await();
                    return true;
                },
                latch::countDown);
        var barrier = new CyclicBarrier(2);
        ends(barrier::await, barrier::await);
        var semaphore = new Semaphore(0);
        ends(
                () -> {
                    semaphore.acquire();
                    return true;
                },
                semaphore::release);
        var phaser = new Phaser(1);
        ends(() -> phaser.awaitAdvance(0), phaser::arrive);
        var exchanger = new Exchanger<String>();
        assertThat(ends(() -> exchanger.exchange("a"), () -> exchanger.exchange("b")))
                .isEqualTo("b");
    }

    @Test
    void blockingQueues() throws Exception {
        var linked = new LinkedBlockingQueue<String>();
        assertThat(ends(linked::take, () -> linked.put("x"))).isEqualTo("x");
        var priority = new PriorityBlockingQueue<String>();
        assertThat(ends(priority::take, () -> priority.put("x"))).isEqualTo("x");
        var synchronous = new SynchronousQueue<String>();
        assertThat(ends(synchronous::take, () -> synchronous.put("x"))).isEqualTo("x");
        var transfer = new LinkedTransferQueue<String>();
        assertThat(ends(() -> transfer.poll(1, TimeUnit.DAYS), () -> transfer.transfer("x")))
                .isEqualTo("x");
        var full = new ArrayBlockingQueue<String>(1);
        full.put("first");
        ends(
                () -> {
                    full.put("second");
                    return true;
                },
                full::take);
        var delayed = new DelayQueue<Soon>();
        assertThat(ends(delayed::take, () -> delayed.put(new Soon()))).isNotNull();
    }

    private static final class Soon implements java.util.concurrent.Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(java.util.concurrent.Delayed other) {
            return 0;
        }
    }

    @Test
    void completableFuture() throws Exception {
        var future = new CompletableFuture<String>();
        String value = ends(future::get, () -> future.complete("done"));
        assertThat(value).isEqualTo("done");
        var timed = new CompletableFuture<String>();
        assertThat(ends(() -> timed.get(1, TimeUnit.DAYS), () -> timed.complete("done")))
                .isEqualTo("done");
        var joined = new CompletableFuture<String>();
        assertThat(ends(joined::join, () -> joined.complete("done"))).isEqualTo("done");
    }

    @Test
    void executorsAndTheirFutures() throws Exception {
        var release = new CountDownLatch(1);
        try (var executor = Executors.newSingleThreadExecutor()) {
            var service = new ExecutorCompletionService<String>(executor);
            String value =
                    ends(
                            () -> {
                                service.submit(
                                        () -> {
                                            release.await();
                                            return "done";
                                        });
                                return service.take().get();
                            },
                            release::countDown);
            assertThat(value).isEqualTo("done");
        }
    }

    @Test
    void threadJoin() throws Exception {
        var release = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> await(release));
        assertThat(ends(() -> thread.join(Duration.ofDays(1)), release::countDown)).isTrue();
    }

    @Test
    void processWaitFor() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        int exitCode = ends(cat::waitFor, () -> cat.getOutputStream().close());
        assertThat(exitCode).isZero();
        Process other = new ProcessBuilder("cat").start();
        assertThat(
                        ends(
                                () -> other.waitFor(1, TimeUnit.DAYS),
                                () -> other.getOutputStream().close()))
                .isTrue();
    }
}
