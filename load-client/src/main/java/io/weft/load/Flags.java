package io.weft.load;

import io.weft.Transport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The load command's options as they are written. One thread's. */
final class Flags {
    private static final Duration DURATION = Duration.ofSeconds(10); // as wrk

    /** Each connection holds its message and the reply in memory. */
    private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST:PORT",
            defaultValue = Target.DEFAULT,
            description =
                    "the echo server; also :PORT, PORT, [IPV6]:PORT, and unix:/PATH for coroutines")
    private String target = Target.DEFAULT;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "how many connections")
    private int connections;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "threads",
            description =
                    "threads: a platform thread and a JDK socket for each connection;"
                            + " coroutines: a Weft coroutine for each")
    private Mode mode = Mode.THREADS;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "how long to send (default: 10s)")
    private @Nullable Duration duration;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "in place of a duration: how many messages each connection sends")
    private @Nullable Long messages;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description =
                    "pads each message to this size, at most 16 MiB (default: as long as \"hello"
                            + " N\" is)")
    private @Nullable Integer size;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description =
                    "messages per second over all connections together; latency then counts from"
                            + " when each was due (default: as many as it goes)")
    private @Nullable Long rate;

    @Option(
            names = "--connect-rate",
            paramLabel = "N",
            description = "connections begun per second (default: as many as it goes)")
    private @Nullable Long connectRate;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s", // between wrk's 2 s and ab's 30 s
            description = "the limit on connecting and on each reply")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--print", description = "prints each reply")
    private boolean print;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "writes the figures to a file, too")
    private @Nullable Path json;

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "for coroutines: event loops (default: one per processor)",
            showDefaultValue = Visibility.NEVER)
    private @Nullable Integer loops;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description =
                    "for coroutines: epoll, io_uring, kqueue or nio (default: the best there is)")
    private @Nullable String transport;

    /** Where the figures go, besides standard output. */
    @Nullable Path json() {
        return json;
    }

    /**
     * The options, checked and completed, the target looked up.
     *
     * @throws IllegalArgumentException if they make no sense; the message says which
     */
    LoadOptions check() throws UnknownHostException {
        fromOne("--connections", connections);
        fromOne("--messages", messages);
        fromOne("--size", size);
        fromOne("--rate", rate);
        fromOne("--connect-rate", connectRate);
        fromOne("--loops", loops);
        refuse(!timeout.isPositive(), "--timeout is more than 0, but was 0");
        refuse(duration != null && !duration.isPositive(), "--duration is more than 0, but was 0");
        refuse(
                duration != null && messages != null,
                "--duration and --messages both say when to end: give one of them");
        refuse(
                size != null && size > LARGEST_MESSAGE,
                "--size goes to " + LARGEST_MESSAGE + ", but was " + size);
        refuse(!isWritable(json), "--json names a file in a folder that is there, but was " + json);
        SocketAddress address = Target.parse(target);
        if (mode == Mode.THREADS) {
            refuse(loops != null, "--loops is for --mode coroutines");
            refuse(transport != null, "--transport is for --mode coroutines");
            refuse(address instanceof UnixDomainSocketAddress, "unix: is for --mode coroutines");
        }
        return new LoadOptions(
                Target.lookUp(address),
                connections,
                mode,
                messages != null ? null : duration != null ? duration : DURATION,
                messages == null ? 0 : messages,
                size == null ? 0 : size,
                rate == null ? 0 : rate,
                connectRate == null ? 0 : connectRate,
                print,
                timeout,
                loops == null ? Runtime.getRuntime().availableProcessors() : loops,
                chosenTransport());
    }

    private @Nullable Transport chosenTransport() {
        if (mode == Mode.THREADS) {
            return null;
        }
        return Transport.choose(transport);
    }

    private static boolean isWritable(@Nullable Path file) {
        if (file == null) {
            return true;
        }
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) && !Files.isDirectory(file);
    }

    private static void fromOne(String option, @Nullable Number value) {
        refuse(value != null && value.longValue() < 1, option + " starts at 1, but was " + value);
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new IllegalArgumentException(message);
        }
    }
}
