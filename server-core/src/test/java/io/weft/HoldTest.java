package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.weft.debug.LoopMonitor;
import io.weft.testing.PinsCarriers;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** How a loop is held is told apart, and left to the flight recorder. */
@PinsCarriers
class HoldTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final CountDownLatch LATCH = new CountDownLatch(1);

    @TempDir Path directory;
    private Recording recording;
    private LoopGroup group;
    private Loop loop;

    @BeforeEach
    void begin() {
        recording = new Recording();
        recording.enable("weft.LoopHeld");
        recording.start();
        group = LoopGroup.create(1);
        loop = group.next();
    }

    @AfterEach
    void end() {
        group.close();
        recording.close();
    }

    /** Once there is one; they come a moment after what they tell of. */
    private RecordedEvent eventOf(Hold kind) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                events().stream()
                                        .filter(e -> kind.name().equals(e.getString("kind")))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<RecordedEvent> events() throws IOException {
        Path file = directory.resolve("events.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    private static final class Initialised {
        static final Object DONE = initialise();

        private static Object initialise() {
            try {
                LATCH.await();
                return "done";
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void waitThatIsPinned() throws Exception {
        assumeThat(group.transport()).isNotEqualTo(Transport.IO_URING); // nobody is relieved there
        var pinned = loop.spawn("pinned", () -> Initialised.DONE);
        loop.spawn(
                () -> {
                    LATCH.countDown();
                    return null;
                });
        assertThat(pinned.get(PATIENCE)).isEqualTo("done");
        var event = eventOf(Hold.WAITS);
        assertThat(event.getString("coroutine")).contains("'pinned'");
        assertThat(event.getString("loop")).isEqualTo(loop.toString());
        assertThat(event.getBoolean("relieved")).isTrue();
        assertThat(event.getString("stack")).contains("HoldTest$Initialised.<clinit>");
    }

    @Test
    void spinAfterAKill() throws Exception {
        var begun = new CountDownLatch(1);
        var ends = new AtomicBoolean();
        var spinner =
                loop.spawn(
                        "spinner",
                        () -> {
                            begun.countDown();
                            while (!ends.get()) {
                                LockSupport.parkNanos(1_000);
                            }
                            return null;
                        });
        begun.await();
        spinner.kill();
        assertThat(eventOf(Hold.SPINS).getString("coroutine")).contains("'spinner'");
        ends.set(true);
        spinner.join();
    }

    @Test
    void computation() throws Exception {
        var ends = new AtomicBoolean();
        LoopMonitor monitor =
                LoopMonitor.start(
                        Duration.ofMillis(20),
                        held -> ends.compareAndSet(false, held.hold() == Hold.COMPUTES));
        try (monitor) {
            loop.call(
                    () -> {
                        while (!ends.get()) {
                            Thread.onSpinWait();
                        }
                        return null;
                    });
        }
        var event = eventOf(Hold.COMPUTES);
        assertThat(event.getDuration("heldFor")).isPositive();
        assertThat(event.getBoolean("relieved")).isFalse();
    }
}
