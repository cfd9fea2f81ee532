package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Actors: a coroutine with an inbox, which works off what others send it. */
class ActorTest {
    private static final int ROUNDS = 5;

    abstract static class Actor<M> extends Coroutine<Void> {
        final Queue<M> inbox = new Queue<>();

        Actor(Loop loop, String name) {
            super(loop, name);
        }

        abstract void receive(M message) throws Exception;

        @Override
        protected Void run() throws Exception {
            for (M message : inbox) {
                receive(message);
            }
            return null;
        }
    }

    /** Logs what it receives and sends its own word back, so many times. */
    static final class Player extends Actor<String> {
        private final String word;
        private final List<String> log;
        private Player other;
        private int left = ROUNDS;

        Player(Loop loop, String word, List<String> log) {
            super(loop, word + "er");
            this.word = word;
            this.log = log;
        }

        @Override
        void receive(String message) throws Exception {
            log.add(message);
            if (left-- > 0) {
                other.inbox.put(word);
            } else {
                other.inbox.shutdown(false);
                inbox.shutdown(false);
            }
        }
    }

    @Test
    void pingerAndPongerAlternateOnOneLoop() throws Exception {
        var log = new ArrayList<String>();
        Weft.run(() -> play(Loop.current(), Loop.current(), log));
        assertAlternates(log);
    }

    @Test
    void pingerAndPongerAlternateAcrossLoops() throws Exception {
        var log = new CopyOnWriteArrayList<String>();
        try (var group = LoopGroup.create(2)) {
            play(group.loops().get(0), group.loops().get(1), log);
        }
        assertAlternates(log);
    }

    private static void play(Loop here, Loop there, List<String> log) throws Exception {
        var pinger = new Player(here, "ping", log);
        var ponger = new Player(there, "pong", log);
        pinger.other = ponger;
        ponger.other = pinger;
        pinger.start();
        ponger.start();
        pinger.inbox.put("start");
        pinger.get();
        ponger.get();
    }

    private static void assertAlternates(List<String> log) {
        var expected = new ArrayList<>(List.of("start"));
        for (int i = 0; i < ROUNDS; i++) {
            expected.add("ping");
            expected.add("pong");
        }
        assertThat(log).isEqualTo(expected);
    }
}
