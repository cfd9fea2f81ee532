package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;

class WorkerTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final ManualClock clock = new ManualClock(SECOND);
    private final Tally tally = new Tally(SECOND);
    private final StringWriter printed = new StringWriter();
    private final MemoryLink link = new MemoryLink();

    @Test
    void withoutARateLatencyCountsFromSending() {
        link.beforeReply = _ -> clock.advance(3 * MILLI);

        run(Options.messages(1, 5), 0);

        assertThat(tally.replies()).isEqualTo(5);
        assertThat(millis(100)).isEqualTo(3);
        assertThat(tally.lastReply()).isEqualTo(SECOND + 15 * MILLI);
    }

    @Test
    void withARateLatencyCountsFromWhenTheMessageWasDue() {
        // ten a second; the second reply takes 250 ms, so the third and fourth are sent 150 and 50
        // ms late
        link.beforeReply = n -> clock.advance(n == 1 ? 250 * MILLI : 0);

        run(Options.paced(1, 5, 10), 0);

        assertThat(tally.replies()).isEqualTo(5);
        assertThat(millis(20)).isZero();
        assertThat(millis(60)).isEqualTo(50);
        assertThat(millis(80)).isEqualTo(150);
        assertThat(millis(100)).isEqualTo(250);
    }

    @Test
    void withARateItSleepsUntilTheMessageIsDue() {
        run(Options.paced(1, 3, 10), 0);

        assertThat(clock.sleeps()).containsExactly(SECOND + 100 * MILLI, SECOND + 200 * MILLI);
    }

    @Test
    void whatIsDueAfterTheEndIsNotSent() {
        run(Options.lasting(1, Duration.ofSeconds(2), 10), 0);

        assertThat(tally.replies()).isEqualTo(20);
    }

    @Test
    void whatIsStillDueAtTheEndIsNotSent() {
        link.beforeReply = n -> clock.advance(n == 9 ? 5 * SECOND : 0);

        run(Options.lasting(1, Duration.ofSeconds(2), 10), 0);

        assertThat(tally.replies()).isEqualTo(10);
    }

    @Test
    void withoutARateItEndsWithTheDuration() {
        link.beforeReply = _ -> clock.advance(300 * MILLI);

        run(Options.lasting(1, Duration.ofSeconds(2), 0), 0);

        assertThat(tally.replies()).isEqualTo(7);
    }

    @Test
    void whatIsSentInTheWarmUpDoesNotCount() {
        link.beforeReply = _ -> clock.advance(100 * MILLI);

        run(Options.warming(3, Duration.ofSeconds(1), Duration.ZERO), 0);

        assertThat(tally.replies()).isEqualTo(13);
        assertThat(tally.latencies().getTotalCount()).isEqualTo(3);
        assertThat(tally.bytes()).isEqualTo(3 * 8); // hello 10, 11 and 12
        assertThat(tally.lastReply()).isEqualTo(SECOND + 1300 * MILLI);
    }

    @Test
    void itThinksAfterAReplyAndThatIsNoLatency() {
        link.beforeReply = _ -> clock.advance(3 * MILLI);

        run(Options.warming(3, Duration.ZERO, Duration.ofMillis(50)), 0);

        assertThat(clock.sleeps()).containsExactly(SECOND + 53 * MILLI, SECOND + 106 * MILLI);
        assertThat(millis(100)).isEqualTo(3);
    }

    @Test
    void rightRepliesAreNoMismatch() {
        run(Options.messages(1, 1000), 0);

        assertThat(tally.mismatches()).isZero();
        assertThat(tally.bytes()).isEqualTo(10 * 7 + 90 * 8 + 900 * 9);
        assertThat(tally.failures()).isEmpty();
    }

    @Test
    void oneWrongByteIsAMismatchThatIsShown() {
        link.corruptByte = 8; // the last of "hello 0" is 6, so this is in "hello 1"

        run(Options.messages(1, 3), 0);

        assertThat(tally.replies()).isEqualTo(3);
        assertThat(tally.mismatches()).isEqualTo(1);
        assertThat(tally.firstMismatch())
                .isEqualTo("connection 0, message 1: sent \"hello 1\", got \"h\\xffllo 1\"");
    }

    @Test
    void aLargeMessageIsNeverOnItsWayAsAWhole() {
        run(Options.messages(1, 2), 1_000_000);

        assertThat(tally.bytes()).isEqualTo(2_000_000);
        assertThat(tally.mismatches()).isZero();
        assertThat(link.mostUnread).isEqualTo(64 * 1024);
    }

    @Test
    void aConnectionThatEndsIsAFailureWithItsReason() {
        link.endAfter = 10;

        run(Options.messages(1, 3), 0);

        assertThat(tally.replies()).isEqualTo(1);
        assertThat(tally.failures()).containsOnlyKeys("broke off: the end");
    }

    @Test
    void theRootOfAFailureIsItsReason() {
        link.connecting =
                () -> {
                    throw new IOException("at port 5123", new IOException("refused"));
                };

        run(Options.messages(1, 3), 0);

        assertThat(tally.connectedCount()).isZero();
        assertThat(tally.failures()).containsOnlyKeys("cannot connect: refused");
    }

    @Test
    void whatEndsAfterTheStopIsNoFailure() {
        var schedule = new Schedule(Options.messages(1, 3), clock);
        schedule.begin();
        link.beforeReply = _ -> schedule.stop();
        link.endAfter = 10;

        worker(schedule, 0).run();

        assertThat(tally.replies()).isEqualTo(1);
        assertThat(tally.failures()).isEmpty();
    }

    @Test
    void aReplyIsOverdueAfterItsLimitOnly() {
        var schedule = new Schedule(Options.messages(1, 1), clock);
        schedule.begin();
        Worker worker = worker(schedule, 0);
        assertThat(worker.isOverdue(SECOND, SECOND)).as("before the first message").isFalse();
        link.beforeReply =
                _ -> {
                    assertThat(worker.isOverdue(2 * SECOND - 1, SECOND)).isFalse();
                    assertThat(worker.isOverdue(2 * SECOND, SECOND)).isTrue();
                };
        link.endAfter = 3; // as when the run closes the link

        worker.run();

        assertThat(tally.failures()).containsOnlyKeys("no reply in time");
        assertThat(worker.isOverdue(100 * SECOND, SECOND)).as("after its end").isFalse();
    }

    @Test
    void repliesArePrintedAsInTheNotes() {
        run(Options.messages(1, 2), 0);

        long id = Thread.currentThread().threadId();
        assertThat(printed.toString().lines())
                .containsExactly(
                        "[" + id + "] recv server hello 0", "[" + id + "] recv server hello 1");
    }

    @Test
    void oneThatCannotStartIsAFailureAndHoldsNobodyUp() throws InterruptedException {
        var schedule = new Schedule(Options.messages(1, 2), clock);

        worker(schedule, 0).neverRun(new IOException("no threads"));

        assertThat(tally.failures()).containsOnlyKeys("cannot start: no threads");
        assertThat(schedule.awaitArrivals(Duration.ZERO)).isTrue();
        assertThat(schedule.awaitEnds(Duration.ZERO)).isTrue();
    }

    @Test
    void theLinkIsClosedInTheEnd() {
        run(Options.messages(1, 1), 0);

        assertThat(link.closed).isTrue();
    }

    private void run(LoadOptions options, int size) {
        var schedule = new Schedule(options, clock);
        schedule.begin();
        worker(schedule, size).run();
    }

    private Worker worker(Schedule schedule, int size) {
        return new Worker(
                0, new EchoDialogue(link, size), schedule, tally, 1, new PrintWriter(printed));
    }

    private long millis(double percentile) {
        return Math.round(tally.latencies().getValueAtPercentile(percentile) / (double) MILLI);
    }

    /** Echoes in memory what is written, as the test wants it. */
    private static final class MemoryLink implements Link {
        interface Connecting {
            void connect() throws IOException;
        }

        interface Reply {
            void before(int message);
        }

        Connecting connecting = () -> {};
        Reply beforeReply = _ -> {};
        long endAfter = Long.MAX_VALUE;
        long corruptByte = -1;
        int mostUnread;
        boolean closed;
        private byte[] unread = {};
        private long position;
        private int messages;

        @Override
        public void connect() throws IOException {
            connecting.connect();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            var both = Arrays.copyOf(unread, unread.length + length);
            System.arraycopy(bytes, offset, both, unread.length, length);
            unread = both;
            mostUnread = Math.max(mostUnread, unread.length);
        }

        @Override
        public void readFully(byte[] bytes, int offset, int length) throws IOException {
            beforeReply.before(messages++);
            if (position + length > endAfter) {
                throw new EOFException("the end");
            }
            System.arraycopy(unread, 0, bytes, offset, length);
            if (corruptByte >= position && corruptByte < position + length) {
                bytes[offset + (int) (corruptByte - position)] = (byte) 0xff;
            }
            position += length;
            unread = Arrays.copyOfRange(unread, length, unread.length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
