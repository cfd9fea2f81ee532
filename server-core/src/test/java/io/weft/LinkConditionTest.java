package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Links for one kind of end only. */
class LinkConditionTest {
    @Test
    void valueLinksHearOfValuesOnly() throws Exception {
        assertThat(heard(() -> "value", false)).containsExactly("value", "any");
    }

    @Test
    void exceptionLinksHearOfFailures() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            assertThat(heard(LinkConditionTest::fail, false)).containsExactly("exception", "any");
        }
    }

    @Test
    void exceptionLinksHearOfKills() throws Exception {
        assertThat(heard(() -> Block.SLEEP.call(), true)).containsExactly("exception", "any");
    }

    @Test
    void canBeTakenOutAgain() throws Exception {
        var heard = new ArrayList<String>();
        Weft.run(
                () -> {
                    var coroutine = Weft.spawn(() -> "value");
                    Consumer<Coroutine<String>> unwanted = ended -> heard.add("unwanted");
                    coroutine.linkValue(unwanted);
                    coroutine.linkValue(unwanted);
                    coroutine.unlink(unwanted);
                    coroutine.join();
                    Weft.yieldNow();
                });
        assertThat(heard).containsExactly("unwanted");
    }

    private static List<String> heard(java.util.concurrent.Callable<Object> body, boolean kill)
            throws Exception {
        var heard = new ArrayList<String>();
        Weft.run(
                () -> {
                    var coroutine = Weft.spawn(body);
                    coroutine.linkValue(ended -> heard.add("value"));
                    coroutine.linkException(ended -> heard.add("exception"));
                    coroutine.link(ended -> heard.add("any"));
                    Weft.yieldNow();
                    if (kill) {
                        coroutine.kill();
                    }
                    coroutine.join();
                    Weft.yieldNow();
                });
        return heard;
    }

    private static Object fail() {
        throw new IllegalStateException("broken");
    }
}
