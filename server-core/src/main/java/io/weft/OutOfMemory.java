package io.weft;

import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where an {@link OutOfMemoryError} is told of that was caught: a handler's own failure, if it
 * wanted too much, or the end of everything. Nobody listens unless it is asked for, as the commands
 * do, who end the process if memory has not come back. Any thread.
 *
 * <p>Direct memory is another matter: what it is short for are the bytes of connections, and those
 * that get none are cut, by which it comes back. That is said in one line a minute, whomever it
 * happens to.
 */
public final class OutOfMemory {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final AtomicLong SAY_AFTER = new AtomicLong(System.nanoTime());
    private static volatile Runnable listener = () -> {};

    private OutOfMemory() {}

    /** Has {@code told} run from now on, on the thread that has caught one. */
    public static void listen(Runnable told) {
        listener = told;
    }

    /** For whoever catches what others throw; does nothing if that is something else. */
    public static void noticed(Throwable e) {
        if (e instanceof OutOfMemoryError error) {
            listener.run();
            if (isOfDirectMemory(error)) { // for which there is no need of other memory
                say(e);
            }
        } else if (isOfDirectMemory(e)) {
            say(e);
        }
    }

    /**
     * Whether what has run out, according to {@code e} or what it comes of, is the memory of direct
     * buffers: Netty's, or the JDK's.
     */
    public static boolean isOfDirectMemory(Throwable e) {
        return e instanceof OutOfMemoryError error
                ? isOfDirectMemory(error)
                : Causes.match(
                        e, cause -> cause instanceof OutOfMemoryError o && isOfDirectMemory(o));
    }

    private static boolean isOfDirectMemory(OutOfMemoryError e) {
        String message = e.getMessage();
        return message != null && message.contains("of direct ");
    }

    /** That direct memory has run out, unless that has just been said. */
    static void say(Throwable e) {
        long now = System.nanoTime();
        long after = SAY_AFTER.get();
        if (now - after >= 0 && SAY_AFTER.compareAndSet(after, now + PAUSE.toNanos())) {
            LoggerFactory.getLogger(OutOfMemory.class)
                    .error(
                            "direct memory has run out (-XX:MaxDirectMemorySize): connections are"
                                    + " cut, and requests answered by 503, for want of it; the"
                                    + " first: {}",
                            Printable.of(e));
        }
    }
}
