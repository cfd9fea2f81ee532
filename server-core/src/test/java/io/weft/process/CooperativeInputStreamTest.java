package io.weft.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Coroutines;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.net.LimitExceededException;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads that hold a thread hold no loop, and lose nothing to who gives up. */
class CooperativeInputStreamTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final int LIMIT = 1024;

    private final Feed feed = new Feed();
    private final CooperativeInputStream stream = new CooperativeInputStream(feed);

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Test
    void othersRunWhileOneReads() throws Exception {
        Weft.run(
                () -> {
                    var reader = Weft.spawn(() -> stream.readLine(LIMIT));
                    for (int i = 0; i < 100; i++) {
                        Weft.yieldNow();
                    }
                    assertThat(reader.isDone()).isFalse();
                    feed.give("ready\n");
                    assertThat(reader.get()).isEqualTo("ready");
                });
    }

    @Test
    void aHundredIdleOnesKeepNobodyFromReading() throws Exception {
        Weft.run(
                () -> {
                    var idle = new ArrayList<Feed>();
                    for (int i = 0; i < 100; i++) {
                        var other = new Feed();
                        idle.add(other);
                        Weft.spawn(() -> new CooperativeInputStream(other).read());
                    }
                    Weft.yieldNow();
                    feed.give("served");
                    assertThat(text(stream.readNBytes(6), 6)).isEqualTo("served");
                    idle.forEach(Feed::end);
                });
    }

    @Test
    void limitInAReadLosesNothing() throws Exception {
        Weft.run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        assertThatThrownBy(() -> Timeout.call(SHORT, () -> stream.read()))
                                .isInstanceOf(Timeout.Expired.class)
                                .hasCauseInstanceOf(InterruptedIOException.class);
                    }
                    feed.give("kept").end();
                    assertThat(text(stream.readAllBytes(), 4)).isEqualTo("kept");
                    assertThat(feed.reads).hasValue(2);
                });
    }

    @Test
    void killInALineLosesNothingOfIt() throws Exception {
        Weft.run(
                () -> {
                    feed.give("half a ");
                    var reader = Weft.spawn(() -> stream.readLine(LIMIT));
                    while (stream.available() == 0) {
                        Weft.yieldNow();
                    }
                    reader.kill();
                    reader.join();
                    assertThat(reader.state()).isEqualTo(Coroutine.State.KILLED);
                    feed.give("line\r\nnext\n");
                    assertThat(stream.readLine(LIMIT)).isEqualTo("half a line");
                    assertThat(stream.readLine(LIMIT)).isEqualTo("next");
                });
    }

    @Test
    void severalReadersGetWholeLinesInTurn() throws Exception {
        Weft.run(
                () -> {
                    var readers = new ArrayList<Coroutine<String>>();
                    for (int i = 0; i < 4; i++) {
                        readers.add(Weft.spawn(() -> stream.readLine(LIMIT)));
                    }
                    Weft.yieldNow();
                    feed.give("a").give("a\nbb\nc").give("c\nd").give("d").end();
                    assertThat(Coroutines.getAll(readers))
                            .containsExactlyInAnyOrder("aa", "bb", "cc", "dd");
                    assertThat(stream.readLine(LIMIT)).isNull();
                });
    }

    @Test
    void readersOnPlainThreadsAndLoopsShareIt() throws Exception {
        var lines = new ArrayList<String>();
        Weft.run(
                () -> {
                    var onLoop = Weft.spawn(() -> stream.readLine(LIMIT));
                    Weft.yieldNow();
                    var onThread =
                            new java.util.concurrent.FutureTask<>(() -> stream.readLine(LIMIT));
                    var thread = Thread.ofPlatform().start(onThread);
                    feed.give("one\ntwo\n");
                    lines.add(onLoop.get());
                    lines.add(onThread.get());
                    thread.join();
                });
        assertThat(lines).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void lineOverTheLimitIsRefusedAndConsumesNothing() throws Exception {
        feed.give("12345\n").end();
        assertThatThrownBy(() -> stream.readLine(5))
                .isInstanceOf(LimitExceededException.class)
                .hasMessage("expected a line within 5 bytes of feed");
        assertThat(stream.readLine(6)).isEqualTo("12345");
        assertThatThrownBy(() -> stream.readLine(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longLineIsGatheredFromManyReads() throws Exception {
        String part = "x".repeat(1000);
        for (int i = 0; i < 200; i++) {
            feed.give(part);
        }
        feed.give("\nrest").end();
        assertThat(stream.readLine(1 << 20)).hasSize(200_000);
        assertThat(stream.readLine(LIMIT)).isEqualTo("rest");
        assertThat(stream.readLine(LIMIT)).isNull();
        assertThat(stream.read()).isEqualTo(-1);
    }

    @Test
    void failureIsToldOnceAndTheNextReadTriesAgain() throws Exception {
        var broken = new IOException("broken");
        feed.give("before").fail(broken).fail(new IllegalStateException("odd")).give("after");
        assertThat(text(stream.readNBytes(6), 6)).isEqualTo("before");
        assertThatThrownBy(() -> stream.read()).isSameAs(broken);
        assertThatThrownBy(() -> stream.read())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("odd");
        assertThat(stream.read()).isEqualTo('a');
    }

    @Test
    void failureThatNobodyWaitedForIsTheNextReaders() throws Exception {
        var broken = new IOException("broken");
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> Timeout.call(SHORT, () -> stream.read()))
                            .isInstanceOf(Timeout.Expired.class);
                    feed.fail(broken);
                    assertThatThrownBy(() -> stream.read()).isSameAs(broken);
                });
    }

    @Test
    void closeEndsTheWaitOfAllAndClosesTheSource() throws Exception {
        Weft.run(
                () -> {
                    var readers =
                            List.of(
                                    Weft.spawn(() -> stream.read()),
                                    Weft.spawn(() -> stream.read()));
                    Weft.yieldNow();
                    stream.close();
                    stream.close();
                    for (var reader : readers) {
                        reader.join();
                        assertThat(reader.exception())
                                .isInstanceOf(IOException.class)
                                .hasMessage("feed is closed");
                    }
                    feed.closed.await();
                    feed.end(); // lets the helper go
                });
    }

    @Test
    void threadCanBeInterruptedAndLosesNothing() throws Exception {
        var failure = new Throwable[1];
        var thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        stream.read();
                                    } catch (IOException e) {
                                        failure[0] = e;
                                    }
                                });
        Threads.awaitParked(thread);
        thread.interrupt();
        thread.join();
        assertThat(failure[0]).isInstanceOf(InterruptedIOException.class);
        feed.give("x");
        assertThat(stream.read()).isEqualTo('x');
    }
}
