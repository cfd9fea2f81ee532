package io.weft.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Generator;
import io.weft.VirtualTime;

import org.junit.jupiter.api.Test;

/** Sections on switching by hand: greenlets, and generators that consume what a producer sends. */
class GeneratorNotesTest {
    private final Transcript out = new Transcript();

    @Test
    void twoThatSwitchToEachOtherPrintInTurn() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var second =
                                    new Generator<Object, Object>(
                                            outside -> {
                                                out.print("56");
                                                outside.yield("");
                                                out.print("78");
                                            });
                            var first =
                                    new Generator<Object, Object>(
                                            outside -> {
                                                out.print("12");
                                                second.next();
                                                out.print("34");
                                                outside.yield("");
                                            })) {
                        first.next();
                        assertThat(second.hasEnded()).isFalse();
                        for (var rest : second) {
                            out.print("unexpected " + rest);
                        }
                    }
                });
        assertThat(out.lines()).containsExactly("12", "56", "34", "78");
    }

    @Test
    void twoConsumersTakeTheNumberedBunsOfAProducer() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var c1 = consumer("c1");
                            var c2 = consumer("c2")) {
                        c1.next();
                        c2.next();
                        for (int bun = 0; bun < 3; bun++) {
                            out.print("made bun " + bun);
                            c1.send(bun);
                            c2.send(bun);
                        }
                    }
                });
        assertThat(out.lines())
                .containsExactly(
                        "c1 is ready to eat",
                        "c2 is ready to eat",
                        "made bun 0",
                        "bun 0 is eaten by c1",
                        "bun 0 is eaten by c2",
                        "made bun 1",
                        "bun 1 is eaten by c1",
                        "bun 1 is eaten by c2",
                        "made bun 2",
                        "bun 2 is eaten by c1",
                        "bun 2 is eaten by c2");
    }

    private Generator<Integer, String> consumer(String name) {
        return new Generator<>(
                outside -> {
                    out.print(name + " is ready to eat");
                    while (true) {
                        Integer bun = outside.yield(name);
                        out.print("bun " + bun + " is eaten by " + name);
                    }
                });
    }

    @Test
    void sendingAndGettingTasksAlternate() throws Exception {
        VirtualTime.run(
                () -> {
                    try (var worker =
                            new Generator<Integer, String>(
                                    outside -> {
                                        while (true) {
                                            out.print("Got task " + outside.yield(""));
                                        }
                                    })) {
                        worker.next();
                        for (int task = 0; task < 3; task++) {
                            out.print("Send a task " + task);
                            worker.send(task);
                        }
                    }
                });
        assertThat(out.lines())
                .containsExactly(
                        "Send a task 0", "Got task 0",
                        "Send a task 1", "Got task 1",
                        "Send a task 2", "Got task 2");
    }
}
