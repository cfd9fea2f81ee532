package io.weft;

/**
 * The JDK starts the poller threads of java.net at first use, as children of the thread that comes
 * first. Were that a coroutine, its loop would poll for the whole process; so a thread of nobody
 * comes first.
 */
final class JdkPollers {
    private JdkPollers() {}

    /** Returns when they have started. */
    static void start() throws InterruptedException {
        var starter = Daemons.named("weft-pollers").unstarted(JdkPollers::startFromVirtualThread);
        starter.start();
        starter.join();
    }

    private static void startFromVirtualThread() {
        try {
            Thread.ofVirtual().start(JdkPollers::initialise).join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void initialise() {
        try {
            Class.forName("sun.nio.ch.Poller");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "this JDK has no sun.nio.ch.Poller; Weft is made for Java 25", e);
        }
    }
}
