package io.weft.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Hold;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

class LoopMonitorTest {
    private static final long LIMIT = 100;
    private static final long INTERVAL = 1_000;
    private static final long SECOND = 1_000_000_000;

    private final LoopWatch watch = new LoopWatch(LIMIT, INTERVAL);

    @Test
    void heldLoopIsReportedWithTheCulpritsStack() throws Exception {
        try (var group = LoopGroup.create(2)) {
            var loop = group.loops().get(1);
            var report = new CompletableFuture<HeldLoop>();
            var begun = new CountDownLatch(1);
            var culprit = loop.spawn("culprit", () -> compute(begun, report));
            begun.await(); // what held the loop before, on a busy machine, is nobody's fault
            try (var monitor =
                    LoopMonitor.start(
                            Duration.ofMillis(50),
                            held -> {
                                if (held.loop() == loop && held.hold() == Hold.COMPUTES) {
                                    report.complete(held);
                                }
                            })) {
                culprit.join();
                HeldLoop held = report.get();
                assertThat(held.thread()).as("%s", monitor).isSameAs(culprit.thread());
                assertThat(held.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
                assertThat(held.stack()).anyMatch(frame -> frame.getMethodName().equals("compute"));
                assertThat(held.text())
                        .contains(loop.name() + " has been held for")
                        .contains("#" + culprit.thread().threadId() + " 'culprit'")
                        .contains("LoopMonitorTest.compute");
            }
        }
    }

    /** Holds the loop until that has been noticed. */
    private static String compute(CountDownLatch begun, CompletableFuture<HeldLoop> report) {
        begun.countDown();
        while (!report.isDone()) {
            Thread.onSpinWait();
        }
        return "";
    }

    @Test
    void theReportIsLoggedByDefault() throws Exception {
        try (var log = LogRecorder.of(LoopMonitor.class);
                var group = LoopGroup.create(1);
                var monitor = LoopMonitor.start(Duration.ofMillis(20))) {
            group.next()
                    .call(
                            () -> {
                                while (log.messages().isEmpty()) {
                                    Thread.onSpinWait();
                                }
                                return monitor;
                            });
            assertThat(log.messages().getFirst()).contains("has been held for", "    at ");
        }
    }

    @Test
    void holdIsReportedOnce() {
        assertThat(watch.isToBeReported(7, 0)).isFalse();
        assertThat(watch.isToBeReported(7, 50)).isFalse();
        assertThat(watch.isToBeReported(7, 99)).isFalse();
        assertThat(watch.isToBeReported(7, 100)).isTrue();
        assertThat(watch.heldFor(100)).isEqualTo(100);
        assertThat(watch.isToBeReported(7, 150)).isFalse();
        assertThat(watch.isToBeReported(7, 200)).isFalse();
    }

    @Test
    void holdThatLastsIsReportedAgain() {
        var slow = new LoopWatch(SECOND, SECOND);
        var reports = new ArrayList<Long>();
        for (long now = 0; now < 100 * SECOND; now += SECOND / 2) {
            if (slow.isToBeReported(7, now)) {
                reports.add(now / SECOND);
            }
        }
        assertThat(reports).containsExactly(1L, 2L, 12L, 72L);
    }

    /** It is not passed over for ever because of one that came just before it. */
    @Test
    void holdThatWentUnreportedIsReportedAfterASecond() {
        var slow = new LoopWatch(SECOND / 10, 100 * SECOND);
        var reports = new ArrayList<Long>();
        for (long tenths = 0; tenths < 40; tenths++) {
            if (slow.isToBeReported(tenths < 5 ? 7 : 8, tenths * SECOND / 10)) {
                reports.add(tenths);
            }
        }
        assertThat(reports).containsExactly(1L, 15L, 25L);
    }

    @Test
    void loopThatGoesOnIsNotReported() {
        for (int i = 0; i < 100; i++) {
            assertThat(watch.isToBeReported(i, i * 90L)).isFalse();
        }
    }

    @Test
    void sleepingLoopIsNotReported() {
        for (int i = 0; i < 100; i++) {
            assertThat(watch.isToBeReported(Loop.ASLEEP, i * 90L)).isFalse();
        }
    }

    @Test
    void reportsAreApart() {
        long now = 0;
        int reports = 0;
        for (int hold = 0; hold < 10; hold++) {
            for (int i = 0; i < 3; i++) {
                reports += watch.isToBeReported(hold, now) ? 1 : 0;
                now += 60;
            }
        }
        // the holds of 180 begin at 0, 180, 360 ...: one at 120, one more at least 1000 after it
        assertThat(reports).isEqualTo(2);
        assertThat(watch.takeUnreported()).isEqualTo(8);
        assertThat(watch.takeUnreported()).isZero();
    }

    /** A stopped process, or a machine without time for it, is no coroutine's fault. */
    @Test
    void pauseOfTheWholeProcessIsNotReported() {
        assertThat(watch.isToBeReported(7, 0)).isFalse();
        assertThat(watch.isToBeReported(7, 50_000)).isFalse();
        assertThat(watch.isToBeReported(7, 50_050)).isFalse();
        assertThat(watch.isToBeReported(7, 50_100)).isTrue();
    }

    @Test
    void limitOfZeroIsRefused() {
        assertThatThrownBy(() -> LoopMonitor.start(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
