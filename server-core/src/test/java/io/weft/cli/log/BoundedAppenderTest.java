package io.weft.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A log that does not keep up. */
class BoundedAppenderTest {
    private final LoggerContext context = new LoggerContext();
    private final BoundedAppender queue = new BoundedAppender();
    private final Stuck stuck = new Stuck();

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        stuck.start();
        queue.setContext(context);
        queue.setQueueSize(10);
        queue.setMaxFlushTime(50);
        queue.addAppender(stuck);
        queue.start();
        context.getLogger("ROOT").addAppender(queue);
    }

    @AfterEach
    void stop() {
        stuck.free.countDown();
        context.stop();
    }

    @Test
    void nobodyWaitsAndWhatIsLostIsCounted() throws InterruptedException {
        var log = context.getLogger("test");
        log.info("line 0");
        stuck.begun.await(); // from now on nothing leaves the queue
        for (int i = 1; i < 100; i++) {
            log.info("line {}", i);
        }
        stuck.free.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> queue.getNumberOfElementsInQueue() == 0);
        log.info("the next");
        await().atMost(Duration.ofSeconds(30)).until(() -> stuck.lines.contains("the next"));
        List<String> lines = stuck.lines;
        int told = lines.size() - 2;
        assertThat(lines.get(told))
                .isEqualTo(100 - told + " lines were lost: nobody took them from this log");
        assertThat(lines.subList(0, told)).hasSizeBetween(10, 11).startsWith("line 0", "line 1");
    }

    @Test
    void endDoesNotWaitForIt() {
        context.getLogger("test").info("stuck");
        context.stop(); // returns
        assertThat(stuck.lines).isEmpty();
    }

    private static final class Stuck extends AppenderBase<ILoggingEvent> {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch free = new CountDownLatch(1);
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            begun.countDown();
            boolean interrupted = false;
            while (true) { // as a write to a pipe: an interrupt does not end it
                try {
                    free.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            lines.add(event.getFormattedMessage());
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
