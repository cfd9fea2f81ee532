package io.weft.debug;

import io.weft.net.Addresses;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Java shell into the live process, over TCP (gevent: BackdoorServer). One session per
 * connection, to be used with {@code nc} or {@code telnet}; snippets see the classes and the state
 * of the process, print with {@code println}, and end the session with {@code quit}.
 *
 * <p>It asks for no password: whoever can connect can do all that the process can. So it binds to
 * loopback addresses only, unless {@link #bindToNetwork} is asked for by that name.
 *
 * <p>Differences from gevent: the shell is JShell; the sessions run on threads of their own, so a
 * snippet cannot hold a loop, and they work when all loops are held. Any thread.
 */
public final class Backdoor implements AutoCloseable {
    private static final int BACKLOG = 8;

    private static final InheritableThreadLocal<PrintStream> OUT = new InheritableThreadLocal<>();

    private final ServerSocket listener;
    private final Set<BackdoorSession> sessions = ConcurrentHashMap.newKeySet();

    private Backdoor(InetSocketAddress address) throws IOException {
        listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "no backdoor on " + Addresses.format(address) + ": " + e.getMessage(), e);
        }
        Thread.ofPlatform().daemon().name("weft-backdoor").start(this::acceptAll);
    }

    /**
     * Opens a backdoor on a loopback address, as {@link Addresses#parse} reads it; without a host
     * it is the loopback address itself.
     *
     * @throws IllegalArgumentException if other machines could reach the address
     */
    public static Backdoor bind(String address) throws IOException {
        InetSocketAddress wanted = resolve(address);
        if (!wanted.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "a backdoor has no password, so it listens on loopback addresses only, not on "
                            + address
                            + "; if everybody who can reach that address may enter, call"
                            + " bindToNetwork(...)");
        }
        return new Backdoor(wanted);
    }

    /** As {@link #bind}, on any address: everybody who can connect to it owns the process. */
    public static Backdoor bindToNetwork(String address) throws IOException {
        var backdoor = new Backdoor(resolve(address));
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
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                var session = new BackdoorSession(socket, this::serve);
                sessions.add(session);
                session.start();
                if (listener.isClosed()) {
                    session.close(); // close() may have come between
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
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
        return listener.getLocalSocketAddress();
    }

    /** How many are connected. */
    public int sessionCount() {
        return sessions.size();
    }

    /** Ends all sessions, with the snippets that they run, and listens no more. */
    @Override
    public void close() throws IOException {
        listener.close();
        sessions.forEach(BackdoorSession::close);
    }
}
