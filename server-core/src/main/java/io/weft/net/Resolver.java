package io.weft.net;

import io.netty.channel.ChannelFactory;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.weft.Loop;
import io.weft.LoopLocal;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Looks up names and addresses on the loop: the hosts file, then DNS (gevent: the c-ares resolver).
 * Loop-confined.
 */
final class Resolver implements AutoCloseable {
    static final LoopLocal<Resolver> OF = new LoopLocal<>(Resolver::new);

    /**
     * Names the DNS servers, as {@code address:port} separated by commas, in place of the system's.
     */
    private static final String SERVERS = "weft.dns.servers";

    private final HostsFile hosts = HostsFile.system();
    private final DnsNameResolver resolver;

    private Resolver(Loop loop) {
        var builder =
                new DnsNameResolverBuilder(loop.eventLoop())
                        .datagramChannelFactory(loop.group().transport().channels().datagram())
                        .socketChannelFactory(tcp(loop), true)
                        .hostsFileEntriesResolver((_, _) -> null); // Netty's reads it but once
        String servers = System.getProperty(SERVERS, "");
        if (!servers.isEmpty()) {
            builder.nameServerProvider(
                    new SequentialDnsServerAddressStreamProvider(
                            Arrays.stream(servers.split(",")).map(Resolver::server).toList()));
        }
        resolver = builder.build();
    }

    /** For answers that a datagram has no room for, and such as got lost (RFC 7766). */
    private static ChannelFactory<SocketChannel> tcp(Loop loop) {
        var stream = loop.group().transport().channels().stream();
        return () -> (SocketChannel) stream.newChannel();
    }

    private static InetSocketAddress server(String text) {
        SocketAddress address = Addresses.parse(text.strip());
        // a literal, so this looks nothing up
        return address instanceof InetSocketAddress inet && inet.isUnresolved()
                ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                : (InetSocketAddress) address;
    }

    /**
     * All addresses of the host, in the order to be tried; one that is resolved already as it is.
     */
    List<InetSocketAddress> resolve(InetSocketAddress address)
            throws IOException, InterruptedException {
        if (!address.isUnresolved()) {
            return List.of(address);
        }
        return addresses(address.getHostString()).stream()
                .map(found -> new InetSocketAddress(found, address.getPort()))
                .toList();
    }

    /** All addresses of the host, in the order to be tried. */
    List<InetAddress> addresses(String host) throws UnknownHostException, InterruptedException {
        List<InetAddress> local = hosts.addresses(host, resolver.resolvedAddressTypes());
        if (!local.isEmpty()) {
            return local;
        }
        try {
            return Weft.await(resolver.resolveAll(host));
        } catch (ExecutionException e) {
            throw unknown(host, e.getCause());
        }
    }

    /** The name of the host with this address. */
    String nameOf(InetAddress address) throws UnknownHostException, InterruptedException {
        String local = hosts.nameOf(address);
        if (local != null) {
            return local;
        }
        String name = ReverseName.of(address);
        List<DnsRecord> records;
        try {
            records =
                    Weft.await(
                            resolver.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.PTR)));
        } catch (ExecutionException e) {
            throw unknown(NetUtil.toAddressString(address), e.getCause());
        }
        try {
            for (DnsRecord record : records) {
                if (record instanceof DnsPtrRecord pointer) {
                    String host = pointer.hostname();
                    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
                }
            }
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
        throw unknown(NetUtil.toAddressString(address), null);
    }

    /** Commands show its message as it is. */
    private static UnknownHostException unknown(String what, @Nullable Throwable cause) {
        String why = cause == null ? null : cause.getMessage();
        var unknown =
                new UnknownHostException(
                        "unknown host '" + what + "'" + (why == null ? "" : ": " + why.strip()));
        unknown.initCause(cause);
        return unknown;
    }

    @Override
    public void close() {
        resolver.close();
    }
}
