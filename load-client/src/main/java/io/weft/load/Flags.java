package io.weft.load;

import io.weft.Transport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;

/** The load command's options as they are written. One thread's. */
final class Flags {
    private static final Duration DURATION = Duration.ofSeconds(10); // as wrk

    /** Times are added up in nanoseconds, of which there are 292 years. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Each connection holds its message and the reply in memory. */
    private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TARGET",
            defaultValue = Target.DEFAULT,
            description = {
                "HOST:PORT, :PORT, PORT, [IPV6]:PORT: an echo server; also unix:/PATH for"
                        + " coroutines",
                "tls://HOST:PORT: the same by TLS",
                "http://HOST[:PORT][/PATH], https://...: a server whose answers are counted",
                "ws://HOST[:PORT][/PATH], wss://...: an echo server by WebSocket"
            })
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
            names = "--ramp",
            paramLabel = "TIME",
            description =
                    "connections join evenly over this time, and each begins at once (default: all"
                            + " begin together when the last is connected)")
    private @Nullable Duration ramp;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "before the duration: sends as long and does not count (default: 0s)")
    private @Nullable Duration warmup;

    @Option(
            names = "--think",
            paramLabel = "TIME",
            description = "each connection pauses so long after a reply (default: 0s)")
    private @Nullable Duration think;

    @Option(
            names = "--insecure",
            description = "for TLS: believes any certificate (default: those the JDK believes)")
    private boolean insecure;

    @Mixin private final HttpFlags http = new HttpFlags();

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
            description = "writes the figures to a file, too; compare reads it")
    private @Nullable Path json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "draws the figures: one page that needs nothing else")
    private @Nullable Path report;

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

    /** Where the page goes. */
    @Nullable Path report() {
        return report;
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
        refuse(
                rate != null && rate > Pace.FASTEST,
                "--rate goes to " + Pace.FASTEST + ", but was " + rate);
        refuse(
                connectRate != null && connectRate > Pace.FASTEST,
                "--connect-rate goes to " + Pace.FASTEST + ", but was " + connectRate);
        notTooLong("--timeout", timeout);
        notTooLong("--duration", duration);
        notTooLong("--warmup", warmup);
        notTooLong("--ramp", ramp);
        notTooLong("--think", think);
        refuse(!timeout.isPositive(), "--timeout is more than 0, but was 0");
        refuse(duration != null && !duration.isPositive(), "--duration is more than 0, but was 0");
        refuse(
                duration != null && messages != null,
                "--duration and --messages both say when to end: give one of them");
        refuse(
                size != null && size > LARGEST_MESSAGE,
                "--size goes to " + LARGEST_MESSAGE + ", but was " + size);
        OutputFile.check("--json", json);
        OutputFile.check("--report", report);
        refuse(
                ramp != null && connectRate != null,
                "--ramp and --connect-rate both say when to connect: give one of them");
        refuse(
                think != null && rate != null,
                "--think and --rate both say when to send: give one of them");
        Target address = Target.parse(target);
        HttpOptions asked = http.check(address);
        refuse(
                size != null && asked != null,
                "--size is for echo servers: what HTTP sends is --body");
        refuse(
                insecure && !address.scheme().isSecure(),
                "--insecure is for tls://, https:// and wss:// targets");
        refuse(
                think != null && asked != null && asked.pipeline() > 1,
                "--think pauses after each reply, with --pipeline there is no such pause");
        if (mode == Mode.THREADS) {
            refuse(loops != null, "--loops is for --mode coroutines");
            refuse(transport != null, "--transport is for --mode coroutines");
            refuse(
                    address.address() instanceof UnixDomainSocketAddress,
                    "unix: is for --mode coroutines");
        }
        return new LoadOptions(
                address.lookUp(),
                connections,
                mode,
                messages != null ? null : duration != null ? duration : DURATION,
                messages == null ? 0 : messages,
                size == null ? 0 : size,
                rate == null ? 0 : rate,
                connectRate == null ? 0 : connectRate,
                orZero(ramp),
                orZero(warmup),
                orZero(think),
                asked,
                insecure,
                print,
                timeout,
                loops == null ? Runtime.getRuntime().availableProcessors() : loops,
                chosenTransport());
    }

    private static Duration orZero(@Nullable Duration given) {
        return given == null ? Duration.ZERO : given;
    }

    private @Nullable Transport chosenTransport() {
        if (mode == Mode.THREADS) {
            return null;
        }
        return Transport.choose(transport);
    }

    private static void notTooLong(String option, @Nullable Duration given) {
        refuse(
                given != null && given.compareTo(LONGEST) > 0,
                option + " goes to " + LONGEST.toHours() + "h, a year");
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
