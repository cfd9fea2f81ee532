package io.weft.net;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A listening socket that whoever has started this process has opened for it, known by its
 * descriptor; as text {@code fd://3} (gunicorn). Only a listener can use it, and only with the
 * epoll transport.
 */
public final class InheritedAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    /** sd_listen_fds(3): SD_LISTEN_FDS_START. */
    private static final int FIRST = 3;

    private final int descriptor;

    /**
     * The socket of that descriptor.
     *
     * @throws IllegalArgumentException if it is less than 3, which are the standard streams
     */
    public InheritedAddress(int descriptor) {
        if (descriptor < FIRST) {
            throw new IllegalArgumentException(
                    "expected the descriptor of an inherited socket, from 3 on, but got "
                            + descriptor);
        }
        this.descriptor = descriptor;
    }

    /**
     * What systemd has opened for this process, as sd_listen_fds(3) finds it; empty if nothing was.
     *
     * @throws IllegalArgumentException if the variables are for us and make no sense
     */
    public static List<SocketAddress> all() {
        return all(System.getenv(), ProcessHandle.current().pid());
    }

    static List<SocketAddress> all(Map<String, String> environment, long process) {
        var addresses = new ArrayList<SocketAddress>();
        if (!Long.toString(process).equals(environment.get("LISTEN_PID"))) {
            return addresses; // they were somebody else's
        }
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (!count.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(
                    "expected a number of sockets in LISTEN_FDS, but got '" + count + "'");
        }
        for (int i = 0; i < Integer.parseInt(count); i++) {
            addresses.add(new InheritedAddress(FIRST + i));
        }
        return addresses;
    }

    public int descriptor() {
        return descriptor;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InheritedAddress address && address.descriptor == descriptor;
    }

    @Override
    public int hashCode() {
        return descriptor;
    }

    @Override
    public String toString() {
        return "fd://" + descriptor;
    }
}
