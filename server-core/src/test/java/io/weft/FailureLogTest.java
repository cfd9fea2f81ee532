package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What is said of failures, however those are made. */
class FailureLogTest {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLogTest.class);

    private final LogRecorder log = LogRecorder.ofAll(FailureLogTest.class);

    @AfterEach
    void restoreLog() {
        log.close();
    }

    @Test
    void failureIsAnErrorWithItsStack() {
        var failure = new IOException("broken\nline");
        FailureLog.report(LOG, "a test\u001b", failure);
        assertThat(log.lines())
                .containsExactly(
                        "ERROR a test\\x1b failed with java.io.IOException: broken\\nline");
        assertThat(log.lastThrown()).isNotNull();
    }

    @Test
    void everydayEndIsForDebugging() {
        class Gone extends IOException implements NotAnError {
            private static final long serialVersionUID = 1L;
        }
        FailureLog.report(LOG, "a test", new Gone());
        FailureLog.report(LOG, "a test", new UncheckedIOException(new Gone()));
        FailureLog.report(LOG, "a test", new IllegalStateException(new Gone()));
        assertThat(log.lines())
                .extracting(line -> line.substring(0, 5))
                .containsExactly("DEBUG", "DEBUG", "ERROR");
    }

    /** There is one line for all of it, of {@link OutOfMemory}. */
    @Test
    void wantOfDirectMemoryIsNobodysFailure() {
        var netty = new OutOfMemoryError("failed to allocate 9 byte(s) of direct memory");
        var jdk = new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory");
        FailureLog.error(LOG, "a test", netty);
        FailureLog.error(LOG, "a test", new IOException(jdk));
        FailureLog.error(LOG, "a test", new OutOfMemoryError("Java heap space"));
        assertThat(log.lines())
                .extracting(line -> line.substring(0, 5))
                .containsExactly("DEBUG", "DEBUG", "ERROR");
    }

    @Test
    void exceptionThatFailsItselfIsReportedOnce() {
        class Mute extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        }
        FailureLog.report(LOG, "a test", new Mute());
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR a test failed with ")
                .contains(Mute.class.getName());
    }

    @Test
    void chainWithoutEndIsWalkedOnce() {
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second", first);
        first.initCause(second);
        FailureLog.report(LOG, "a test", first);
        assertThat(log.lines()).hasSize(1);
        assertThat(Causes.of(first)).hasSizeLessThan(100).startsWith(first, second);
        assertThat(Causes.match(first, IOException.class::isInstance)).isFalse();
        assertThat(Causes.find(first, IOException.class)).isNull();
        assertThat(Causes.of(null)).isEmpty();
    }
}
