package io.weft;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Those who kill the coroutines of a loop, and the clock by which their limits strike. */
final class CancellationStriker implements AutoCloseable {
    /** From where a kill comes. */
    enum From {
        ITS_LOOP,
        ITS_HUB,
        ANOTHER_LOOP,
        A_THREAD
    }

    /** Somebody who kills. */
    final class Killer {
        private final From from;

        private Killer(From from) {
            this.from = from;
        }

        boolean isTheLoop() {
            return from == From.ITS_LOOP;
        }

        void kill(Coroutine<?> coroutine, boolean twice) {
            run(
                    () -> {
                        coroutine.kill();
                        if (twice) {
                            coroutine.kill();
                        }
                    });
        }

        /** Goes on when the kill has struck, without a call that it could interrupt. */
        void killAndSee(Coroutine<?> coroutine) {
            var struck = new AtomicBoolean();
            run(
                    () -> {
                        coroutine.kill();
                        loop.carrier().execute(() -> struck.set(true));
                    });
            spinUntil(struck::get, true);
        }

        private void run(Runnable kill) {
            switch (from) {
                case ITS_LOOP -> kill.run();
                case ITS_HUB -> loop.eventLoop().execute(kill);
                case ANOTHER_LOOP -> group.loops().get(1).spawnRaw(kill::run);
                case A_THREAD -> thread.execute(kill);
            }
        }
    }

    private final ManualClock clock = new ManualClock();
    private final LoopGroup group = clock.group(2);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    final Loop loop = group.loops().get(0);

    Killer anyone(Random random) {
        var all = From.values();
        // who is near is chosen more often, as the others are slow
        return new Killer(random.nextBoolean() ? From.ITS_LOOP : all[random.nextInt(all.length)]);
    }

    void advanceTo(long deadline) {
        clock.advance(Duration.ofNanos(deadline - clock.nanoTime()));
    }

    /** When a recurring limit begins. */
    void awaitLookAtTheClock() {
        var looked = new AtomicBoolean();
        loop.eventLoop().execute(() -> looked.set(true));
        spinUntil(looked::get, true);
    }

    @SuppressWarnings("ThreadPriorityCheck")
    static void spinUntil(BooleanSupplier condition, boolean wanted) {
        while (condition.getAsBoolean() != wanted) {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        group.close();
    }
}
