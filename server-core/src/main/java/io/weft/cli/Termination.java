package io.weft.cli;

import io.weft.Daemons;
import io.weft.launch.Signals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * The way a server command ends: at the first SIGTERM or SIGINT {@link #await()} returns and the
 * command stops what it started; a second signal ends the process at once. What comes within {@link
 * #ECHO} is still the first one: {@code timeout -s INT} signals the process and then its group, and
 * the launcher, if there is one, hears of it too and passes it on. Any thread.
 */
public final class Termination {
    /** Far more than it takes to send a signal twice, far less than to press Ctrl-C again. */
    static final Duration ECHO = Duration.ofMillis(100);

    /** gunicorn's for more and fewer workers; left alone, they would stop the process. */
    private static final List<String> IGNORED = List.of("TTIN", "TTOU");

    private static final int SIGNALLED = 128;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    /**
     * How much longer than its patience a stop may take in all: what it kills, cuts and closes
     * after that takes three seconds at most, if nothing hangs.
     */
    public static final Duration MARGIN = Duration.ofSeconds(5);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final LongSupplier nanoTime;
    private final IntConsumer end;
    private long firstAt;
    private volatile boolean interrupted;

    /** Takes the signals over. */
    public Termination() {
        this(System::nanoTime, Runtime.getRuntime()::halt);
        Signals.on("TERM", () -> signalled(SIGTERM));
        Signals.on("INT", () -> signalled(SIGINT));
        IGNORED.forEach(name -> Signals.on(name, () -> {}));
    }

    /** Ends the process by {@code end}, which is given the exit code. */
    Termination(LongSupplier nanoTime, IntConsumer end) {
        this.nanoTime = nanoTime;
        this.end = end;
    }

    synchronized void signalled(int signal) {
        if (asked.getCount() > 0) {
            interrupted = signal == SIGINT;
            firstAt = nanoTime.getAsLong();
            asked.countDown();
        } else if (nanoTime.getAsLong() - firstAt >= ECHO.toNanos()) {
            end.accept(SIGNALLED + signal);
        }
    }

    /** Whether the first signal has come. */
    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /**
     * Whether the first signal was SIGINT, as of Ctrl-C: gunicorn then does not wait for what is
     * under way.
     */
    public boolean isInterrupted() {
        return interrupted;
    }

    /** Waits for the first signal. */
    public void await() throws InterruptedException {
        asked.await();
    }

    /**
     * Has the process end, by a line on standard error and exit code 1, if it has not done so
     * {@link #MARGIN} after {@code patience}: something hangs that nobody has thought of, a log
     * that cannot be written for one.
     */
    public void endAtTheLatest(String command, Duration patience) {
        Daemons.named("weft-termination")
                .start(
                        () -> {
                            try {
                                Thread.sleep(patience.plus(MARGIN));
                            } catch (InterruptedException e) {
                                return; // nobody does
                            }
                            System.err.println(
                                    command
                                            + ": the stop did not come to an end: what is left is"
                                            + " cut");
                            end.accept(Commands.FAILED);
                        });
    }
}
