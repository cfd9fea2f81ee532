package io.weft;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** How a loop talks to the kernel. Any thread. */
@SuppressWarnings("ImmutableEnumChecker") // it cannot see that these suppliers hold nothing
public enum Transport {
    /** Linux. */
    EPOLL(
            Epoll::unavailabilityCause,
            EpollIoHandler::newFactory,
            new Channels(
                    EpollSocketChannel::new,
                    EpollServerSocketChannel::new,
                    EpollDomainSocketChannel::new,
                    EpollServerDomainSocketChannel::new,
                    EpollDatagramChannel::new)),
    /** Linux, where the kernel and the container allow it. */
    IO_URING(
            IoUring::unavailabilityCause,
            IoUringIoHandler::newFactory,
            new Channels(
                    IoUringSocketChannel::new,
                    IoUringServerSocketChannel::new,
                    IoUringDomainSocketChannel::new,
                    IoUringServerDomainSocketChannel::new,
                    IoUringDatagramChannel::new)),
    /** macOS and the BSDs. */
    KQUEUE(
            KQueue::unavailabilityCause,
            KQueueIoHandler::newFactory,
            new Channels(
                    KQueueSocketChannel::new,
                    KQueueServerSocketChannel::new,
                    KQueueDomainSocketChannel::new,
                    KQueueServerDomainSocketChannel::new,
                    KQueueDatagramChannel::new)),
    /** Everywhere. */
    NIO(
            () -> null,
            NioIoHandler::newFactory,
            new Channels(
                    NioSocketChannel::new,
                    NioServerSocketChannel::new,
                    NioDomainSocketChannel::new,
                    NioServerDomainSocketChannel::new,
                    NioDatagramChannel::new));

    /** Names the transport to use; without it the best one available is taken. */
    public static final String PROPERTY = "weft.transport";

    /**
     * Netty's own, of io_uring: one accept for many connections. When it fails Netty submits it
     * again, whether the listener is to be read or not (4.2.18:
     * AbstractIoUringChannel.readComplete), so that without a descriptor left the loop would do
     * nothing else, and no back-off helps.
     */
    private static final String ACCEPT_MANY = "io.netty.iouring.acceptMultiShotEnabled";

    /**
     * The same: one poll for many reads. It tells of what happens once, and Netty forgets what it
     * is told while it has a read under way (4.2.18: AbstractIoUringChannel.pollIn, pollRdHup): of
     * a peer that sends something and then resets, between two turns of a busy loop, only the bytes
     * are seen, and the connection stays for ever. A poll for each read asks how things are.
     */
    private static final String POLL_MANY = "io.netty.iouring.pollAddMultishotEnabled";

    static {
        for (String many : List.of(ACCEPT_MANY, POLL_MANY)) {
            if (System.getProperty(many) == null) {
                System.setProperty(many, "false");
            }
        }
    }

    private final Supplier<@Nullable Throwable> unavailability;
    private final Supplier<IoHandlerFactory> ioHandlers;
    private final Channels channels;

    Transport(
            Supplier<@Nullable Throwable> unavailability,
            Supplier<IoHandlerFactory> ioHandlers,
            Channels channels) {
        this.unavailability = unavailability;
        this.ioHandlers = ioHandlers;
        this.channels = channels;
    }

    /**
     * What the system property {@value #PROPERTY} names, else epoll, kqueue or NIO, whichever is
     * available first.
     *
     * @throws IllegalArgumentException if the property names an unknown or unavailable transport
     */
    public static Transport preferred() {
        String name = System.getProperty(PROPERTY, "");
        if (!name.isEmpty()) {
            return parse(name).require();
        }
        return EPOLL.isAvailable() ? EPOLL : KQUEUE.isAvailable() ? KQUEUE : NIO;
    }

    /** The transport of that name, which has to be available; without one {@link #preferred()}. */
    public static Transport choose(@Nullable String name) {
        return name == null ? preferred() : parse(name).require();
    }

    /**
     * The transport of that name, as in {@code epoll}, {@code io_uring}, {@code kqueue} or {@code
     * nio}.
     */
    public static Transport parse(String name) {
        String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(values())
                .filter(transport -> transport.name().equals(wanted))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "unknown transport '"
                                                + name
                                                + "'; there are "
                                                + Arrays.stream(values())
                                                        .map(Transport::toString)
                                                        .collect(Collectors.joining(", "))));
    }

    public boolean isAvailable() {
        return unavailability.get() == null;
    }

    /**
     * This transport, if it is available.
     *
     * @throws IllegalArgumentException if it is not; the message says why
     */
    public Transport require() {
        Throwable cause = unavailability.get();
        if (cause != null) {
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new IllegalArgumentException(
                    "transport " + this + " is not available here: " + root.getMessage(), cause);
        }
        return this;
    }

    /** Makes this transport's channels. */
    public Channels channels() {
        return channels;
    }

    IoHandlerFactory ioHandlerFactory() {
        return ioHandlers.get();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The channel types of one transport; those of {@code unix:} addresses are domain. */
    public record Channels(
            ChannelFactory<? extends Channel> stream,
            ChannelFactory<? extends ServerChannel> streamServer,
            ChannelFactory<? extends Channel> domain,
            ChannelFactory<? extends ServerChannel> domainServer,
            ChannelFactory<? extends DatagramChannel> datagram) {}
}
