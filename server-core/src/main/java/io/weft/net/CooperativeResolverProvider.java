package io.weft.net;

import io.weft.Loop;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Has every look-up that the JDK makes in a coroutine ({@link InetAddress}, {@link
 * java.net.Socket}, {@link java.net.http.HttpClient} ...) done by the coroutine's own loop, which
 * goes on meanwhile; the JDK's own way blocks the thread in the C library. Other threads keep the
 * JDK's own way. Found by the JDK through {@code META-INF/services}. Any thread.
 *
 * <p>Differences from gevent: nothing is patched; DNS and the hosts file are asked, other sources
 * of the system (NSS modules, multicast DNS) are not. Where {@code jdk.net.hosts.file} is set, that
 * file is all there is, for coroutines too.
 *
 * <p>A kill or limit comes out of a look-up as an {@link InterruptedIOException}, as out of a
 * connection's calls, whatever the JDK's method declares: not as an {@link UnknownHostException},
 * which the JDK remembers for seconds and tells everybody, nor as an unchecked one, which those who
 * connect do not expect. That no name server has answered comes out likewise, as a {@link
 * SocketTimeoutException}: it does not say that there is no such host. The JDK has one thread at a
 * time look up a name; the others wait for a lock, where nothing interrupts them.
 *
 * <p>Where a coroutine is pinned ({@link Loop#isPinned}) the JDK's own way is taken: it needs
 * nobody else to end.
 */
public final class CooperativeResolverProvider extends InetAddressResolverProvider {
    /** For the JDK. */
    public CooperativeResolverProvider() {}

    @Override
    public String name() {
        return "weft";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver builtin = configuration.builtinResolver();
        return System.getProperty("jdk.net.hosts.file") == null ? over(builtin) : builtin;
    }

    /** Looks up in coroutines by itself, elsewhere by {@code builtin}. */
    static InetAddressResolver over(InetAddressResolver builtin) {
        return new Cooperative(builtin);
    }

    private record Cooperative(InetAddressResolver builtin) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                throws UnknownHostException {
            Loop loop = coroutinesLoop();
            if (loop == null) {
                return builtin.lookupByName(host, policy);
            }
            try {
                return arrange(host, Resolver.OF.get(loop).addresses(host), policy).stream();
            } catch (InterruptedException e) {
                return failing(Passage.interrupted(e));
            } catch (SocketTimeoutException e) {
                return failing(e);
            }
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            Loop loop = coroutinesLoop();
            if (loop == null) {
                return builtin.lookupByAddress(address);
            }
            try {
                return Resolver.OF.get(loop).nameOf(InetAddress.getByAddress(address));
            } catch (InterruptedException e) {
                throw undeclared(Passage.interrupted(e));
            }
        }

        /** When the JDK asks for the addresses: before, it would be an unknown host. */
        private static Stream<InetAddress> failing(IOException failure) {
            return Stream.of(failure)
                    .map(
                            e -> {
                                throw undeclared(e);
                            });
        }

        /** The interface declares {@link UnknownHostException} only. */
        private static RuntimeException undeclared(IOException e) {
            return Cooperative.<RuntimeException>thrown(e);
        }

        @SuppressWarnings("unchecked") // which the compiler minds, and not the JVM
        private static <E extends Throwable> RuntimeException thrown(Throwable e) throws E {
            throw (E) e;
        }

        /**
         * The loop, if the caller may wait on one. Asked in this order, because a program may have
         * this class on its path and no loop, nor what loops need of the JVM.
         */
        private static @Nullable Loop coroutinesLoop() {
            if (!Thread.currentThread().isVirtual() || Loop.all().isEmpty()) {
                return null;
            }
            Loop loop = Loop.current();
            return loop == null
                            || loop.eventLoop().inEventLoop()
                            || loop.isStopping()
                            || loop.isPinned()
                    ? null
                    : loop;
        }
    }

    /** The addresses of the wanted families in the wanted order, with the host's name in them. */
    static List<InetAddress> arrange(String host, List<InetAddress> found, LookupPolicy policy)
            throws UnknownHostException {
        int wanted = policy.characteristics();
        var kept =
                found.stream()
                        .filter(address -> (wanted & family(address)) != 0)
                        .map(address -> named(host, address));
        if ((wanted & LookupPolicy.IPV4_FIRST) != 0) {
            kept = kept.sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)));
        } else if ((wanted & LookupPolicy.IPV6_FIRST) != 0) {
            kept = kept.sorted(Comparator.comparing(address -> address instanceof Inet4Address));
        }
        List<InetAddress> addresses = kept.toList();
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host + " has no address of the wanted kind");
        }
        return addresses;
    }

    private static int family(InetAddress address) {
        return address instanceof Inet4Address ? LookupPolicy.IPV4 : LookupPolicy.IPV6;
    }

    private static InetAddress named(String host, InetAddress address) {
        try {
            return InetAddress.getByAddress(host, address.getAddress());
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }
}
