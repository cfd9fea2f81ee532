package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.examples.Example;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;

/** The examples that need a library compile without a warning, and do what their heads say. */
class LibraryExamplesTest {
    @TempDir private Path classes;

    /** Publishers are in no order among each other. */
    @Test
    void rabbitMq() throws Exception {
        try (var example = Example.run(classes, "RabbitMq", "127.0.0.1", "" + Servers.rabbitMq())) {
            var lines = example.lines();
            assertThat(lines).hasSize(7).last().isEqualTo("WARP AND WEFT");
            for (String name : new String[] {"ann", "bob"}) {
                assertThat(lines)
                        .filteredOn(line -> line.contains(name))
                        .containsExactly(
                                "done: " + name + "'s job 1",
                                "done: " + name + "'s job 2",
                                "done: " + name + "'s job 3");
            }
        }
    }

    /** Where there is no server. */
    @Test
    void rabbitMqCompiles() {
        Example.compile(classes, "RabbitMq");
    }

    @Test
    void zeroMq() throws Exception {
        var byTurns = new ArrayList<String>();
        for (int i = 1; i < 10; i++) {
            byTurns.add("Switched to Server for " + i);
            byTurns.add("Switched to Client for " + i);
        }
        try (var example = Example.run(classes, "ZeroMq")) {
            var lines = example.lines();
            assertThat(lines).startsWith(byTurns.toArray(String[]::new));
            assertThat(lines.subList(byTurns.size(), lines.size()))
                    .containsExactlyInAnyOrder(
                            "read: weft issue 1",
                            "read: weft issue 2",
                            "read: warp issue 1",
                            "read: warp issue 2");
        }
    }
}
