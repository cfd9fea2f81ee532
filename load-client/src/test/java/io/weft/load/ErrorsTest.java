package io.weft.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.weft.load.Errors.Cause;

import org.junit.jupiter.api.Test;

class ErrorsTest {
    private final Errors errors = new Errors();

    @Test
    void whatAServerSaysIsKeptPrintable() {
        errors.count(ErrorKind.BROKEN, "gone\033[31m \u202E");

        assertThat(errors.counts())
                .containsExactly(entry(new Cause(ErrorKind.BROKEN, "gone\\u001b[31m \\u202e"), 1L));
    }

    @Test
    void aServerThatNeverSaysTheSameTwiceFillsNoMemory() {
        for (int i = 0; i < 1000; i++) {
            errors.count(ErrorKind.BROKEN, "reason " + i);
        }
        errors.count(ErrorKind.TIMEOUT, "");

        assertThat(errors.counts())
                .hasSizeLessThanOrEqualTo(Errors.MOST + ErrorKind.values().length);
        assertThat(errors.counts())
                .containsEntry(new Cause(ErrorKind.BROKEN, Errors.OTHER), 1000L - Errors.MOST);
        assertThat(errors.counts().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(1001);
    }

    @Test
    void allOfSeveralAreAddedUp() {
        var others = new Errors();
        others.count(ErrorKind.CONNECT, "refused");
        others.count(ErrorKind.CONNECT, "refused");
        errors.count(ErrorKind.CONNECT, "refused");

        errors.addAll(others);

        assertThat(errors.counts())
                .containsExactly(entry(new Cause(ErrorKind.CONNECT, "refused"), 3L));
    }
}
