package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannelOption;
import io.weft.Daemons;
import io.weft.OutOfMemory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * Connections that the kernel has answered, and whose client has yet to be heard again: they stand
 * in no queue, and the end of the listener resets them as it does those that do. Linux shows them
 * in a file (proc_net_tcp), with those of others who listen on the port; that is why the ones which
 * are there at first are waited for, and no later ones.
 */
final class HalfOpen {
    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final String SYN_RECEIVED = "03";

    /** Between two looks; and before the first, for what the kernel has just begun. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** To a client at the other end of the world and back. */
    private static final Duration LONGEST = Duration.ofMillis(300);

    private HalfOpen() {}

    /** Whether the port is shared. With io_uring a Unix socket cannot even be asked. On the hub. */
    static boolean mayBeOthers(Channel listener) {
        return listener.localAddress() instanceof InetSocketAddress
                && Boolean.TRUE.equals(listener.config().getOption(UnixChannelOption.SO_REUSEPORT));
    }

    /** Has {@code then} done on the listener's hub when there are none. On the hub. */
    static void awaitNone(Channel listener, Runnable then) {
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        Runnable wait =
                () -> {
                    try {
                        awaitNone(port);
                    } finally {
                        onHub(listener, then);
                    }
                };
        try {
            Daemons.named("weft-half-open").start(wait); // a table of many lines takes a while
        } catch (Throwable e) { // there are no more threads to be had
            OutOfMemory.noticed(e);
            then.run();
        }
    }

    private static void awaitNone(int port) {
        long until = System.nanoTime() + LONGEST.toNanos();
        try {
            Thread.sleep(PAUSE);
            Set<String> left = now(port, until);
            while (!left.isEmpty() && System.nanoTime() - until < 0) {
                Thread.sleep(PAUSE);
                left.retainAll(now(port, until));
            }
        } catch (IOException | UncheckedIOException | InterruptedException e) {
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

    private static Set<String> now(int port, long until) throws IOException {
        Set<String> found = new HashSet<>();
        String ending = ending(port);
        for (Path table : TABLES) {
            if (Files.exists(table)) {
                try (var lines = Files.lines(table)) {
                    lines.takeWhile(_ -> System.nanoTime() - until < 0)
                            .map(HalfOpen::columns)
                            .filter(columns -> isHalfOpen(columns, ending))
                            .forEach(columns -> found.add(columns[1] + " " + columns[2]));
                }
            }
        }
        return found;
    }

    /** Of an address in a table. */
    static String ending(int port) {
        return String.format(Locale.ROOT, ":%04X", port);
    }

    /** Of one line of a table, as in {@code 0: 0100007F:1F90 0100007F:D2F0 03 ...}. */
    static String[] columns(String line) {
        return line.trim().split(" +", 5);
    }

    static boolean isHalfOpen(String[] columns, String ending) {
        return columns.length > 3 && columns[1].endsWith(ending) && columns[3].equals(SYN_RECEIVED);
    }
}
