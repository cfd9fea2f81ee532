package io.weft.http.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** Every input that is kept, of those that a fuzzer found, still does no harm. */
class CorpusTest {
    @ParameterizedTest
    @EnumSource
    void inputsDoNoHarm(Target target) throws Exception {
        assertThat(target.corpus()).isNotEmpty();
        for (Path input : target.corpus()) {
            try {
                target.check.accept(Files.readAllBytes(input));
            } catch (Throwable e) {
                throw new AssertionError("by " + input + ": " + e.getMessage(), e);
            }
        }
    }
}
