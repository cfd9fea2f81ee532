package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.VirtualTime;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Sections on starting coroutines and on their states. */
class LifeNotesTest {
    private final Transcript out = new Transcript();

    /** The subclass of the notes: says a message after some seconds. */
    private final class Message extends Coroutine<String> {
        private final String message;
        private final int seconds;

        Message(String message, int seconds) {
            this.message = message;
            this.seconds = seconds;
        }

        @Override
        protected String run() throws InterruptedException {
            out.print(message + " start");
            sleep(Duration.ofSeconds(seconds));
            out.print(message + " end");
            return message;
        }
    }

    @Test
    void aSubclassRunsItsOwnMethod() throws Exception {
        VirtualTime.run(
                () -> {
                    var hello = new Message("hello", 3).start();
                    var world = new Message("world", 2).start();
                    assertThat(hello.get() + " " + world.get()).isEqualTo("hello world");
                });
        assertThat(out.lines())
                .containsExactly("hello start", "world start", "world end", "hello end");
    }

    @Test
    void functionsAndLambdasTakeTheirArgumentsFromTheirSurroundings() throws Exception {
        VirtualTime.run(
                () -> {
                    var first = spawn(() -> say("Hello", 1));
                    var second = spawn(() -> say("I live!", 2));
                    var third = spawn(() -> "x".repeat(3));
                    first.join();
                    second.join();
                    assertThat(third.get()).isEqualTo("xxx");
                });
        assertThat(out.lines()).containsExactly("Hello", "I live!");
    }

    private void say(String message, int seconds) throws InterruptedException {
        sleep(Duration.ofSeconds(seconds));
        out.print(message);
    }

    @Test
    void statesOfAWinnerAndALoser() throws Exception {
        VirtualTime.run(
                () -> {
                    var winner =
                            new Coroutine<>(io.weft.Loop.current(), "winner", () -> "You win!");
                    var loser =
                            new Coroutine<String>(
                                    io.weft.Loop.current(),
                                    "loser",
                                    () -> {
                                        throw new IllegalStateException("You fail at failing.");
                                    });
                    assertThat(winner.state()).isEqualTo(Coroutine.State.NEW);
                    winner.start();
                    loser.start();
                    assertThat(winner.state()).isEqualTo(Coroutine.State.STARTED);
                    assertThat(loser.state()).isEqualTo(Coroutine.State.STARTED);
                    assertThat(winner.isDone()).isFalse();

                    winner.join();
                    loser.join(); // the failure does not stop the program

                    assertThat(winner.value()).isEqualTo("You win!");
                    assertThat(loser.value()).isNull();
                    assertThat(winner.isDone()).isTrue();
                    assertThat(loser.isDone()).isTrue();
                    assertThat(winner.isSuccessful()).isTrue();
                    assertThat(loser.isSuccessful()).isFalse();
                    assertThat(loser.exception()).hasMessage("You fail at failing.");
                    assertThatThrownBy(loser::get)
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("You fail at failing.");
                });
    }
}
