package io.weft.debug;

import io.weft.Daemons;
import io.weft.net.Addresses;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Java shell into the live process, over a Unix socket or TCP (gevent: BackdoorServer). One
 * session per connection, to be used with {@code nc -U}, {@code nc} or {@code telnet}; snippets see
 * the classes and the state of the process, print with {@code println}, and end the session with
 * {@code quit}.
 *
 * <p>It asks for no password: whoever can connect can do all that the process can. A Unix socket
 * can be connected to by the process's own user only (its mode is 0600), which is the way to have
 * one on a machine of several users. A loopback address is open to all users of the machine, and to
 * what their browsers run; a line of HTTP, as a web page would have them send, ends the session
 * before anything is evaluated. Other addresses have to be asked for by {@link #bindToNetwork}.
 *
 * <p>Differences from gevent: the shell is JShell; the sessions run on threads of their own, so a
 * snippet cannot hold a loop, and they work when all loops are held. Any thread.
 */
public final class Backdoor implements AutoCloseable {
    private static final int BACKLOG = 8;

    private static final InheritableThreadLocal<PrintStream> OUT = new InheritableThreadLocal<>();

    private final ServerSocketChannel listener;
    private final SocketAddress address;
    private final @Nullable PrivateSocket file;
    private final Set<BackdoorSession> sessions = ConcurrentHashMap.newKeySet();

    private Backdoor(
            ServerSocketChannel listener, SocketAddress address, @Nullable PrivateSocket file) {
        this.listener = listener;
        this.address = address;
        this.file = file;
        Thread acceptor = Daemons.named("weft-backdoor").unstarted(this::acceptAll);
        acceptor.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        acceptor.start();
    }

    private static Backdoor open(InetSocketAddress address) throws IOException {
        var listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, BACKLOG);
            return new Backdoor(listener, listener.getLocalAddress(), null);
        } catch (IOException e) {
            listener.close();
            throw failure(address, e);
        }
    }

    private static Backdoor open(UnixDomainSocketAddress address) throws IOException {
        try {
            var file = PrivateSocket.bind(address.getPath(), BACKLOG);
            return new Backdoor(file.listener(), address, file);
        } catch (IOException e) {
            throw failure(address, e);
        }
    }

    private static IOException failure(SocketAddress address, IOException e) {
        return new IOException(
                "no backdoor on " + Addresses.format(address) + ": " + e.getMessage(), e);
    }

    /**
     * Opens a backdoor on a Unix socket ({@code unix:/run/app.debug}), which is for this user only,
     * or on a loopback address, as {@link Addresses#parse} reads them; without a host it is the
     * loopback address itself.
     *
     * @throws IllegalArgumentException if other machines could reach the address
     */
    public static Backdoor bind(String address) throws IOException {
        if (Addresses.parse(address) instanceof UnixDomainSocketAddress unix) {
            return open(unix);
        }
        InetSocketAddress wanted = resolve(address);
        if (!wanted.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "a backdoor has no password, so it listens on loopback addresses only, not on "
                            + address
                            + "; if everybody who can reach that address may enter, call"
                            + " bindToNetwork(...)");
        }
        return open(wanted);
    }

    /** As {@link #bind}, on any address: everybody who can connect to it owns the process. */
    public static Backdoor bindToNetwork(String address) throws IOException {
        var backdoor = open(resolve(address));
        LoggerFactory.getLogger(Backdoor.class)
                .warn("a backdoor without a password is open on {}", backdoor.address());
        return backdoor;
    }

    private static InetSocketAddress resolve(String text) throws IOException {
        SocketAddress address = Addresses.parse(text);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("a backdoor needs host:port, not " + text);
        }
        return inet.isUnresolved()
                ? new InetSocketAddress(InetAddress.getByName(inet.getHostString()), inet.getPort())
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), inet.getPort());
    }

    /** Where a snippet prints: its own session; elsewhere the process's standard output. */
    public static PrintStream out() {
        PrintStream session = OUT.get();
        return session == null ? System.out : session;
    }

    private void acceptAll() {
        while (listener.isOpen()) {
            try {
                SocketChannel socket = listener.accept();
                var session = new BackdoorSession(socket, this::serve);
                sessions.add(session);
                session.start();
                if (!listener.isOpen()) {
                    session.close(); // close() may have come between
                }
            } catch (IOException e) {
                if (listener.isOpen()) {
                    LoggerFactory.getLogger(Backdoor.class).warn("no session: {}", e.toString());
                }
            }
        }
    }

    private void serve(BackdoorSession session) {
        try (session) {
            OUT.set(session.out());
            session.run();
        } catch (IOException e) {
            LoggerFactory.getLogger(Backdoor.class).debug("a session ended by {}", e.toString());
        } finally {
            sessions.remove(session);
            OUT.remove();
        }
    }

    /** Where it listens, with the port that the system chose. */
    public SocketAddress address() {
        return address;
    }

    /** How many are connected. */
    public int sessionCount() {
        return sessions.size();
    }

    /** Ends all sessions, with the snippets that they run, and listens no more. */
    @Override
    public void close() throws IOException {
        if (file != null) {
            file.delete();
        }
        listener.close();
        sessions.forEach(BackdoorSession::close);
    }
}
