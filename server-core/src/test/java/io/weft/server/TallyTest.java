package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What happens often is told of seldom. */
class TallyTest {
    private final List<String> said = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Tally tally =
            new Tally((count, last) -> said.add(count + " " + last), later::add);

    private void passMinute() {
        later.removeFirst().run();
    }

    @Test
    void firstIsToldAtOnceAndOthersTogether() {
        assertThat(tally.add("a")).isTrue();
        assertThat(said).containsExactly("1 a");
        for (int i = 0; i < 1000; i++) {
            assertThat(tally.add("b" + i)).isFalse();
        }
        assertThat(said).hasSize(1);
        passMinute();
        assertThat(said).containsExactly("1 a", "1000 b999");
        assertThat(later).hasSize(1);
    }

    @Test
    void afterAQuietMinuteTheNextIsToldAtOnce() {
        tally.add("a");
        passMinute();
        assertThat(later).isEmpty();
        assertThat(tally.add("b")).isTrue();
        assertThat(said).containsExactly("1 a", "1 b");
    }

    @Test
    void whatHasNotBeenToldIsToldAtTheEnd() {
        tally.add("a");
        tally.add("b");
        tally.add("c");
        tally.flush();
        assertThat(said).containsExactly("1 a", "2 c");
        passMinute();
        assertThat(said).hasSize(2);
        assertThat(later).isEmpty();
    }
}
