package io.weft.server;

import io.netty.channel.Channel;
import io.weft.Daemons;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;

/**
 * Connections that the kernel has answered, and whose client has yet to be heard again: they stand
 * in no queue, and the end of the listener resets them as it does those that do. Linux shows them
 * in a file (proc_net_tcp).
 */
final class HalfOpen {
    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final String SYN_RECEIVED = "03";

    /** Between two looks; and before the first, for what the kernel has just begun. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    /**
     * To a client at the other end of the world and back; also for a port where always some are.
     */
    private static final int LOOKS = 150;

    private HalfOpen() {}

    /** Has {@code then} done on the listener's hub when there are none. On the hub. */
    static void awaitNone(Channel listener, Runnable then) {
        if (!(listener.localAddress() instanceof InetSocketAddress local)) {
            then.run();
            return;
        }
        Daemons.named("weft-half-open") // a table of many lines takes a while
                .start(
                        () -> {
                            try {
                                awaitNone(local.getPort());
                            } finally {
                                onHub(listener, then);
                            }
                        });
    }

    private static void awaitNone(int port) {
        try {
            int looks = 0;
            do {
                Thread.sleep(PAUSE);
            } while (isAny(port) && ++looks < LOOKS);
        } catch (IOException | InterruptedException e) {
            // a system that does not show them
        }
    }

    private static void onHub(Channel listener, Runnable then) {
        try {
            listener.eventLoop().execute(then);
        } catch (RejectedExecutionException e) {
            // the loop has ended, and the listener with it
        }
    }

    private static boolean isAny(int port) throws IOException {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        for (Path table : TABLES) {
            if (Files.exists(table)) {
                try (var lines = Files.lines(table)) {
                    if (lines.anyMatch(line -> isHalfOpen(line, ending))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** {@code 0: 0100007F:1F90 00000000:0000 0A ...}: number, local and remote address, state. */
    private static boolean isHalfOpen(String line, String ending) {
        String[] columns = line.trim().split(" +", 5);
        return columns.length > 3 && columns[1].endsWith(ending) && columns[3].equals(SYN_RECEIVED);
    }
}
