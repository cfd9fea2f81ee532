package io.weft.net;

import io.netty.channel.ChannelFactory;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.weft.Causes;
import io.weft.Loop;
import io.weft.LoopLocal;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

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

    /**
     * How long a server may take for an answer, and how often all are asked: as c-ares
     * (ARES_OPT_TIMEOUTMS, ARES_OPT_TRIES). A timeout in resolv.conf(5) goes before.
     */
    private static final Duration QUERY_TIME = Duration.ofSeconds(2);

    private static final int TRIES = 3;
    private static final String TIMEOUT = "timeout:"; // an option of resolv.conf's

    private final HostsFile hosts = HostsFile.system();
    private final DnsNameResolver resolver;

    private Resolver(Loop loop) {
        var builder =
                new DnsNameResolverBuilder(loop.eventLoop())
                        .datagramChannelFactory(loop.group().transport().channels().datagram())
                        .socketChannelFactory(tcp(loop))
                        .hostsFileEntriesResolver((_, _) -> null); // Netty's reads it but once
        if (!systemHasTimeout()) {
            builder.queryTimeoutMillis(QUERY_TIME.toMillis());
        }
        String servers = System.getProperty(SERVERS, "");
        if (!servers.isEmpty()) {
            builder.nameServerProvider(
                    new SequentialDnsServerAddressStreamProvider(
                            Arrays.stream(servers.split(",")).map(Resolver::server).toList()));
        }
        resolver = builder.build();
    }

    /** For answers that a datagram has no room for (RFC 7766). */
    private static ChannelFactory<SocketChannel> tcp(Loop loop) {
        var stream = loop.group().transport().channels().stream();
        return () -> {
            var channel = (SocketChannel) stream.newChannel();
            channel.config().setConnectTimeoutMillis((int) QUERY_TIME.toMillis()); // Netty: 30 s
            return channel;
        };
    }

    private static boolean systemHasTimeout() {
        String options = System.getenv("RES_OPTIONS");
        if (options != null && options.contains(TIMEOUT)) {
            return true;
        }
        try (var lines = Files.lines(Path.of("/etc/resolv.conf"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.startsWith("options") && line.contains(TIMEOUT));
        } catch (IOException | UncheckedIOException e) {
            return false; // a system without the file
        }
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

    /**
     * All addresses of the host, in the order to be tried.
     *
     * @throws SocketTimeoutException if no name server has answered, so that nobody knows
     */
    List<InetAddress> addresses(String host)
            throws UnknownHostException, SocketTimeoutException, InterruptedException {
        List<InetAddress> local = hosts.addresses(host, resolver.resolvedAddressTypes());
        if (!local.isEmpty()) {
            return local;
        }
        try {
            return answer(() -> resolver.resolveAll(host));
        } catch (ExecutionException e) {
            if (isTimeout(e)) {
                throw unanswered(host, e);
            }
            throw unknown(host, e.getCause());
        }
    }

    /** Datagrams get lost: what is not answered is asked again. */
    private static <T> T answer(Supplier<Future<T>> question)
            throws ExecutionException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return Weft.await(question.get());
            } catch (ExecutionException e) {
                if (tries == TRIES || !isTimeout(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isTimeout(ExecutionException e) {
        return Causes.find(e, DnsNameResolverTimeoutException.class) != null;
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
                    answer(
                            () ->
                                    resolver.resolveAll(
                                            new DefaultDnsQuestion(name, DnsRecordType.PTR)));
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

    private SocketTimeoutException unanswered(String host, ExecutionException e) {
        var unanswered =
                new SocketTimeoutException(
                        "no name server answers for '"
                                + host
                                + "': asked "
                                + TRIES
                                + " times, for "
                                + Duration.ofMillis(resolver.queryTimeoutMillis())
                                + " each");
        unanswered.initCause(e.getCause());
        return unanswered;
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
