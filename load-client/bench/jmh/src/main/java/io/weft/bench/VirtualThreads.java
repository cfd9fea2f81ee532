package io.weft.bench;

import io.weft.Action;

import java.util.concurrent.FutureTask;

/** The JDK's side: its own scheduler, on which a program runs as a virtual thread. */
final class VirtualThreads {
    private VirtualThreads() {}

    static void run(Action program) throws Exception {
        var task =
                new FutureTask<Void>(
                        () -> {
                            program.run();
                            return null;
                        });
        Thread.startVirtualThread(task);
        task.get();
    }

    /** A thread that may throw what a coroutine may; a failure ends the measurement. */
    static Thread start(Action body) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        body.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }
}
