package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What is thrown goes through between body and consumer, and so do kills and timeouts. */
class GeneratorExceptionTest {
    private final GeneratorBodies bodies = new GeneratorBodies();

    @Test
    void whatTheBodyThrowsComesOutAndEndsIt() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        throw new IOException("broken");
                                    });
                    assertThatThrownBy(generator::next)
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(IOException.class)
                            .hasRootCauseMessage("broken");
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                    var iterated =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        throw new IOException("broken");
                                    });
                    assertThatThrownBy(() -> iterated.iterator().hasNext())
                            .isInstanceOf(CompletionException.class)
                            .hasCauseInstanceOf(IOException.class);
                });
    }

    @Test
    void whatIsThrownInCanBeCaughtByTheBody() throws Exception {
        Weft.run(
                () -> {
                    try (var generator =
                            new Generator<Void, String>(
                                    outside -> {
                                        for (String say = "hello"; ; ) {
                                            try {
                                                outside.yield(say);
                                            } catch (IOException e) {
                                                say = "caught " + e.getMessage();
                                            }
                                        }
                                    })) {
                        assertThat(generator.next()).isEqualTo("hello");
                        assertThat(generator.throwInto(new IOException("one")))
                                .isEqualTo("caught one");
                        var uncaught = new IllegalStateException("two");
                        assertThatThrownBy(() -> generator.throwInto(uncaught))
                                .isInstanceOf(ExecutionException.class)
                                .hasCause(uncaught);
                        assertThat(generator.hasEnded()).isTrue();
                    }
                });
    }

    @Test
    void whatIsThrownIntoOneThatHasNotBegunOrHasEndedComesBack() throws Exception {
        Weft.run(
                () -> {
                    var generator = bodies.numbers(1);
                    var exception = new IOException("early");
                    for (int i = 0; i < 2; i++) {
                        assertThatThrownBy(() -> generator.throwInto(exception))
                                .isInstanceOf(ExecutionException.class)
                                .hasCause(exception);
                    }
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                    assertThat(bodies.events).isEmpty();
                });
    }

    @Test
    void aKilledConsumerEndsTheBodyThatItWaitsFor() throws Exception {
        Weft.run(
                () -> {
                    var generator = bodies.blocked();
                    var consumer = Weft.spawn(() -> generator.next());
                    Weft.yieldNow();
                    Weft.yieldNow();
                    consumer.kill();
                    consumer.join();
                    assertThat(consumer.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(generator.hasEnded()).isTrue();
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                });
        assertThat(bodies.events).containsExactly("finally");
    }

    @Test
    void aTimeoutOfTheConsumerGoesThroughTheBody() throws Exception {
        Weft.run(
                () -> {
                    var generator = bodies.blocked();
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ofMillis(2), () -> generator.next()))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThat(generator.hasEnded()).isTrue();
                });
        assertThat(bodies.events).containsExactly("finally");
    }

    @Test
    void iterationThatIsKilledSaysSo() throws Exception {
        Weft.run(
                () -> {
                    var generator = bodies.blocked();
                    var consumer = Weft.spawn(() -> generator.iterator().hasNext());
                    GeneratorBodies.comeToRest(consumer);
                    consumer.kill();
                    consumer.join();
                    assertThat(consumer.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(consumer.exception()).isInstanceOf(CancellationException.class);
                });
    }
}
