package io.weft;

/**
 * Threads beside the loops, for what the JDK or the system does only by holding one. None keeps the
 * process alive, and none has anything of who happens to need it first. Any thread.
 */
public final class Daemons {
    private Daemons() {}

    /** Makes threads of that name. */
    public static Thread.Builder.OfPlatform named(String name) {
        return Thread.ofPlatform().name(name).daemon().inheritInheritableThreadLocals(false);
    }
}
