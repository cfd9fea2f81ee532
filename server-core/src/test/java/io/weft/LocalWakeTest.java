package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.queue.Channel;
import io.weft.sync.Event;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The coroutines of one loop wake each other without telling the poller, which takes a system call:
 * Linux counts what the loop's thread writes, be it to the poller's own descriptor.
 */
@EnabledIf("writesAreCounted")
class LocalWakeTest {
    private static final Path COUNTS = Path.of("/proc/thread-self/io");
    private static final int ROUNDS = 10_000;

    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();

    static boolean writesAreCounted() {
        return Files.isReadable(COUNTS);
    }

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void handOverBetweenCoroutinesWritesNothing() throws Exception {
        assertThat(writesOf(LocalWakeTest::handOver)).isZero();
    }

    @Test
    void sleepsAndLimitsWriteNothing() throws Exception {
        assertThat(writesOf(LocalWakeTest::sleep)).isZero();
    }

    /** That it would be seen: a wake-up from another thread does write. */
    @Test
    void wakeUpFromAnotherThreadWrites() throws Exception {
        assertThat(writesOf(LocalWakeTest::wakeOtherLoops)).isPositive();
    }

    private static void handOver() throws InterruptedException {
        var channel = new Channel<Integer>();
        var done = new Event();
        Weft.spawn(
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        channel.put(i);
                    }
                    done.set();
                });
        for (int i = 0; i < ROUNDS; i++) {
            channel.get();
        }
        done.await();
    }

    private static void sleep() throws Exception {
        for (int i = 0; i < 100; i++) {
            Weft.sleep(Duration.ofNanos(50_000));
            Timeout.callOr(
                    Duration.ofNanos(50_000),
                    "",
                    () -> {
                        new Event().await();
                        return "";
                    });
        }
    }

    private static void wakeOtherLoops() throws Exception {
        try (var others = LoopGroup.create(1)) {
            for (int i = 0; i < 100; i++) {
                Weft.sleep(Duration.ofMillis(1)); // the other loop goes to sleep
                others.next().spawn(() -> "").join();
            }
        }
    }

    private long writesOf(Action action) throws Exception {
        return loop.call(
                () -> {
                    action.run(); // classes are loaded, what is logged has been
                    long before = writes();
                    action.run();
                    return writes() - before;
                });
    }

    /** Of the thread that runs this coroutine: the loop's. */
    private static long writes() throws IOException {
        return Files.readAllLines(COUNTS).stream()
                .filter(line -> line.startsWith("syscw: "))
                .mapToLong(line -> Long.parseLong(line.substring(7)))
                .findFirst()
                .orElseThrow();
    }
}
