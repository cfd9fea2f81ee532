package io.weft.launch;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The launcher's process, as the child sees it: whoever kills that one, without a chance for it to
 * pass anything on, means the child too.
 */
final class Parent {
    private Parent() {}

    /** What the child is to be told of this process. */
    static String ownPid() {
        return ManagementFactory.getRuntimeMXBean().getName().split("@")[0]; // pid@host
    }

    /**
     * Has this process end as by SIGTERM when the one of {@code pid} has ended, or now if it has.
     * On Java 9 or newer; by reflection, because a compiler told to speak Java 8 does not know
     * {@code ProcessHandle}.
     */
    static void endWith(String pid) throws ReflectiveOperationException {
        Class<?> handle = Class.forName("java.lang.ProcessHandle");
        Optional<?> parent =
                (Optional<?>) handle.getMethod("of", long.class).invoke(null, Long.parseLong(pid));
        if (parent.isPresent()) {
            ((CompletableFuture<?>) handle.getMethod("onExit").invoke(parent.get()))
                    .thenRun(Parent::end);
        } else {
            end();
        }
    }

    private static void end() {
        try {
            Signals.raise("TERM");
        } catch (ReflectiveOperationException | RuntimeException e) { // -Xrs has reserved it
            System.exit(1);
        }
    }
}
