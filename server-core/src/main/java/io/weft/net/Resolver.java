package io.weft.net;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.weft.Loop;
import io.weft.LoopLocal;
import io.weft.Weft;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Looks up host names on the loop: the hosts file, then DNS (gevent: the c-ares resolver).
 * Loop-confined.
 */
final class Resolver implements AutoCloseable {
    static final LoopLocal<Resolver> OF = new LoopLocal<>(Resolver::new);

    private final DnsAddressResolverGroup group;
    private final AddressResolver<InetSocketAddress> resolver;

    private Resolver(Loop loop) {
        group =
                new DnsAddressResolverGroup(
                        new DnsNameResolverBuilder()
                                .datagramChannelFactory(
                                        loop.group().transport().channels().datagram()));
        resolver = group.getResolver(loop.eventLoop());
    }

    /**
     * All addresses of the host, in the order to be tried; one that is resolved already as it is.
     */
    List<InetSocketAddress> resolve(InetSocketAddress address)
            throws IOException, InterruptedException {
        if (!address.isUnresolved()) {
            return List.of(address);
        }
        try {
            return Weft.await(resolver.resolveAll(address));
        } catch (ExecutionException e) {
            var unknown = new UnknownHostException(address.getHostString() + ": " + e.getCause());
            unknown.initCause(e.getCause());
            throw unknown;
        }
    }

    @Override
    public void close() {
        group.close();
    }
}
