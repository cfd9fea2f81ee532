package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

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
        assertThat(tally.notSent()).isEqualTo(10);
        assertThat(tally.latencies().getTotalCount()).as("all that was due").isEqualTo(20);
        assertThat(millis(45)).isZero();
        assertThat(millis(50)).as("100 ms late at the end, the last of them").isEqualTo(100);
        assertThat(millis(95)).as("a second late, the first of them").isEqualTo(1000);
        assertThat(millis(100)).isBetween(5000L, 5005L);
    }

    @Test
    void whatIsAMomentLateAtTheEndIsSentAllTheSame() {
        // the one but last takes 150 ms: the last, due 50 ms before the end, is sent at the end
        link.beforeReply = n -> clock.advance(n == 38 ? 150 * MILLI : 0);

        run(Options.lasting(1, Duration.ofSeconds(2), 20), 0);

        assertThat(tally.replies()).isEqualTo(40);
        assertThat(tally.notSent()).isZero();
    }

    @Test
    void whatIsDueInTheStallOfAStoppedRunCounts() {
        var options = Options.lasting(1, Duration.ofSeconds(10), 10);
        var schedule = new Schedule(options, clock);
        schedule.begin();
        link.beforeReply =
                n -> {
                    if (n == 9) {
                        clock.advance(1100 * MILLI);
                        schedule.stop();
                    }
                };
        Worker worker = worker(options, schedule, 0);

        worker.run();
        worker.settle();

        assertThat(tally.replies()).isEqualTo(10);
        assertThat(tally.notSent()).as("due until shortly before the stop").isEqualTo(9);
    }

    @Test
    void theBacklogOfTheWarmUpIsNotSentInTheMeasuredTime() {
        link.beforeReply = _ -> clock.advance(300 * MILLI); // and one is due every 100 ms

        run(Options.warming(Duration.ofSeconds(2), Duration.ofSeconds(1), 10), 0);

        // sent at 0, 0.3, 0.6 and 0.9 s; then what was due at 1.0, 1.1 s and so on
        assertThat(tally.skipped()).isEqualTo(6);
        assertThat(tally.counted()).as("at 1.2, 1.5 and so on to 3.0 s").isEqualTo(7);
        assertThat(tally.notSent()).isEqualTo(13);
        assertThat(millis(100)).as("due at 1.6 s, sent at 3.0 s").isBetween(1700L, 1701L);
    }

    @Test
    void aServerTooSlowForTheWarmUpHidesNothing() {
        link.beforeReply = _ -> clock.advance(20 * SECOND);

        run(Options.warming(Duration.ofSeconds(2), Duration.ofSeconds(1), 10), 0);

        assertThat(tally.counted()).isZero();
        assertThat(tally.notSent()).isEqualTo(20);
        assertThat(tally.skipped()).isEqualTo(9);
    }

    @Test
    void aConnectionThatARampLetsInLateHasNoBacklog() {
        var options = Options.ramping(2, Duration.ofSeconds(4), Duration.ofSeconds(8), 10);
        var schedule = new Schedule(options, clock);
        schedule.begin();
        var second = new Worker(1, new EchoDialogue(link, 0), options, schedule, tally, null);

        second.run();
        second.settle();

        assertThat(tally.counted()).as("every 200 ms for the 6 s that it is there").isEqualTo(30);
        assertThat(millis(100)).isZero();
        assertThat(tally.notSent()).isZero();
    }

    @Test
    void aConnectionThatIsLostIsMadeAnewForTheWholeRun() {
        var times = new ArrayList<Long>();
        link.connecting =
                () -> {
                    times.add(clock.nanoTime() - SECOND);
                    if (times.size() > 1) {
                        throw new IOException("refused");
                    }
                };
        link.endAfter = 7;

        run(Options.lasting(1, Duration.ofSeconds(4), 0), 0);

        assertThat(times.stream().map(each -> each / MILLI))
                .containsExactly(0L, 0L, 10L, 30L, 70L, 150L, 310L, 630L, 1270L, 2270L, 3270L);
        assertThat(errors())
                .containsExactly("10: cannot connect: refused", "1: broke off: the end");
        assertThat(tally.replies()).isEqualTo(1);
        assertThat(tally.unanswered()).as("of which the connection broke").isEqualTo(1);
        assertThat(tally.notSent()).as("for which there was no connection").isEqualTo(1);
        assertThat(millis(100)).as("as long as it was wanted").isBetween(4000L, 4300L);
    }

    @Test
    void aServerThatComesBackIsUsedAgain() {
        var tries = new AtomicInteger();
        link.connecting =
                () -> {
                    int number = tries.incrementAndGet();
                    if (number > 1 && number < 5) {
                        throw new IOException("refused");
                    }
                };
        link.beforeReply =
                n -> {
                    clock.advance(100 * MILLI);
                    link.endAfter = n == 4 ? 0 : Long.MAX_VALUE;
                };

        run(Options.lasting(1, Duration.ofSeconds(2), 10), 0);

        assertThat(tally.replies()).isEqualTo(19);
        assertThat(tally.unanswered()).isEqualTo(1);
        assertThat(errors()).containsExactly("3: cannot connect: refused", "1: broke off: the end");
    }

    @Test
    void aNumberOfMessagesIsGivenUpAfterTheLimitOnConnecting() {
        var tries = new AtomicInteger();
        link.connecting =
                () -> {
                    if (tries.incrementAndGet() > 1) {
                        throw new IOException("refused");
                    }
                };
        link.endAfter = 7;

        run(Options.paced(1, 1000, 1), 0);

        assertThat(tally.replies()).isEqualTo(1);
        assertThat(clock.nanoTime()).as("the limit is 10 s").isLessThan(20 * SECOND);
        assertThat(tally.notSent()).isEqualTo(998);
        assertThat(tally.latencies().getTotalCount()).isEqualTo(1000);
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
        assertThat(errors()).isEmpty();
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

        assertThat(tally.replies()).as("the third on another connection").isEqualTo(2);
        assertThat(tally.unanswered()).isEqualTo(1);
        assertThat(tally.connectedCount()).isEqualTo(2);
        assertThat(errors()).containsExactly("1: broke off: the end");
    }

    @Test
    void theRootOfAFailureIsItsReason() {
        link.connecting =
                () -> {
                    throw new IOException("at port 5123", new IOException("refused"));
                };

        run(Options.messages(1, 3), 0);

        assertThat(tally.connectedCount()).isZero();
        assertThat(errors()).containsExactly("1: cannot connect: refused");
    }

    @Test
    void whatEndsAfterTheStopIsNoFailure() {
        var options = Options.messages(1, 3);
        var schedule = new Schedule(options, clock);
        schedule.begin();
        link.beforeReply = _ -> schedule.stop();
        link.endAfter = 10;

        worker(options, schedule, 0).run();

        assertThat(tally.replies()).isEqualTo(1);
        assertThat(errors()).isEmpty();
    }

    @Test
    void aReplyIsOverdueAfterItsLimitAndTheConnectionAnother() {
        var options = Options.messages(1, 2); // the limit is 10 s
        var schedule = new Schedule(options, clock);
        schedule.begin();
        Worker worker = worker(options, schedule, 0);
        assertThat(worker.isOverdue(100 * SECOND)).as("before the first message").isFalse();
        link.beforeReply =
                n -> {
                    if (n == 0) {
                        assertThat(worker.isOverdue(11 * SECOND - 1)).isFalse();
                        assertThat(worker.isOverdue(11 * SECOND)).isTrue();
                        clock.advance(10 * SECOND);
                        worker.expire(clock.nanoTime());
                    }
                };

        worker.run();

        assertThat(errors()).containsExactly("1: no reply in time");
        assertThat(tally.replies()).isEqualTo(1);
        assertThat(tally.unanswered()).isEqualTo(1);
        assertThat(millis(100)).as("as long as it was waited for").isBetween(10_000L, 10_010L);
        assertThat(tally.connectedCount()).isEqualTo(2);
        assertThat(worker.isOverdue(100 * SECOND)).as("after its end").isFalse();
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
        var options = Options.messages(1, 2);
        var schedule = new Schedule(options, clock);

        worker(options, schedule, 0).neverRun(new IOException("no threads"));

        assertThat(errors()).containsExactly("1: cannot start: no threads");
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
        Worker worker = worker(options, schedule, size);
        worker.run();
        worker.settle();
    }

    private Worker worker(LoadOptions options, Schedule schedule, int size) {
        return new Worker(
                0,
                new EchoDialogue(link, size),
                options,
                schedule,
                tally,
                new PrintWriter(printed));
    }

    private List<String> errors() {
        return tally.errors().counts().entrySet().stream()
                .map(each -> each.getValue() + ": " + each.getKey())
                .toList();
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
            unread = new byte[0];
            position = 0;
            closed = false;
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
            if (closed) {
                throw new SocketException("closed");
            }
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
        public void abort() {
            closed = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
