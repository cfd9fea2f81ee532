package io.weft.net;

import io.weft.Race;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/**
 * Connects to the one of a host's addresses that answers first (RFC 8305, "Happy Eyeballs"; trio:
 * open_tcp_stream). They are tried in turn: the next one as soon as the one before has failed, or
 * has said nothing for a moment, and nobody is given up for that. Each attempt is a coroutine of
 * the caller's loop; when one is through, the others are killed, and have let go of all they had
 * before the caller goes on. For one host, in one coroutine.
 */
final class HappyEyeballs {
    /** One try; in a coroutine of its own. */
    @FunctionalInterface
    interface Attempt {
        Connection connect(InetSocketAddress address) throws IOException, InterruptedException;
    }

    /** Section 8: Connection Attempt Delay. */
    private static final Duration DELAY = Duration.ofMillis(250);

    private final Attempt attempt;
    private @Nullable Connection first;

    private HappyEyeballs(Attempt attempt) {
        this.attempt = attempt;
    }

    /**
     * The first connection that {@code attempt} makes to one of {@code addresses}, the preferred
     * ones in front.
     *
     * @throws Exception if all have failed: the first failure, the others suppressed
     */
    static Connection connect(List<InetSocketAddress> addresses, Attempt attempt) throws Exception {
        var host = new HappyEyeballs(attempt);
        try {
            return Race.call(race -> host.tryAll(race, interleaved(addresses)));
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (Throwable e) {
            if (host.first != null) { // the caller was killed at the same moment
                host.first.discard();
            }
            throw e;
        }
    }

    private void tryAll(Race<Connection> race, List<InetSocketAddress> addresses)
            throws InterruptedException {
        for (InetSocketAddress address : addresses) {
            race.spawn(() -> unlessLate(attempt.connect(address))).join(DELAY);
        }
    }

    /** Two may be through in the same turn of the loop, before the second hears of its kill. */
    private Connection unlessLate(Connection connection) throws InterruptedException {
        if (first != null) {
            connection.discard();
            throw new InterruptedException("another address has answered first");
        }
        first = connection;
        return connection;
    }

    private static Exception failure(ExecutionException lost) {
        Throwable failure = Objects.requireNonNull(lost.getCause());
        for (Throwable more : lost.getSuppressed()) {
            failure.addSuppressed(more);
        }
        return switch (failure) {
            case Exception e -> e;
            case Error e -> throw e;
            default -> lost;
        };
    }

    /** The families in turn, beginning with that of the first address (section 4). */
    static List<InetSocketAddress> interleaved(List<InetSocketAddress> addresses) {
        var preferred = new ArrayDeque<InetSocketAddress>();
        var others = new ArrayDeque<InetSocketAddress>();
        boolean six = isSix(addresses.getFirst());
        addresses.forEach(address -> (isSix(address) == six ? preferred : others).add(address));
        var inTurn = new ArrayList<InetSocketAddress>(addresses.size());
        while (!preferred.isEmpty() && !others.isEmpty()) {
            inTurn.add(preferred.removeFirst());
            inTurn.add(others.removeFirst());
        }
        inTurn.addAll(preferred);
        inTurn.addAll(others);
        return inTurn;
    }

    private static boolean isSix(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }
}
