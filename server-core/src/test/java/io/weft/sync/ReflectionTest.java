package io.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.LoopGroup;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a coroutine can be asked can be asked by those too who look for a getter: from any package.
 */
class ReflectionTest {
    @ParameterizedTest
    @CsvSource({
        "get, done",
        "value, done",
        "isDone, true",
        "isSuccessful, true",
        "state, SUCCEEDED",
        "exception,"
    })
    void coroutineIsAsked(String question, String answer) throws Exception {
        try (var group = LoopGroup.create(1)) {
            var coroutine = group.next().spawn(() -> "done");
            Coroutine.class.getMethod("join").invoke(coroutine);
            Object said = Coroutine.class.getMethod(question).invoke(coroutine);
            assertThat(said == null ? null : said.toString()).isEqualTo(answer);
        }
    }
}
