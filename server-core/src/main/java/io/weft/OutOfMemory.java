package io.weft;

/**
 * Where an {@link OutOfMemoryError} is told of that was caught: a handler's own failure, if it
 * wanted too much, or the end of everything. Nobody listens unless it is asked for, as the commands
 * do, who end the process if memory has not come back. Any thread.
 */
public final class OutOfMemory {
    private static volatile Runnable listener = () -> {};

    private OutOfMemory() {}

    /** Has {@code told} run from now on, on the thread that has caught one. */
    public static void listen(Runnable told) {
        listener = told;
    }

    /** For whoever catches what others throw; does nothing if that is something else. */
    public static void noticed(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            listener.run();
        }
    }
}
