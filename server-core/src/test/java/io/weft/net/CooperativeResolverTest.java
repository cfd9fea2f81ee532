package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.process.Subprocess;
import io.weft.testing.ChildJvm;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The JDK remembers names for seconds, so each test has names of its own. */
class CooperativeResolverTest {
    private final FakeDns dns = openDns();

    private static FakeDns openDns() {
        try {
            return new FakeDns();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() {
        dns.close();
    }

    /** The name server answers only when another coroutine of the same loop has let it. */
    @Test
    void loopGoesOnWhileACoroutineLooksUp() throws Exception {
        dns.host("slow.weft.test", 127, 0, 0, 9);
        var release = dns.hold("slow.weft.test");
        var order = new ArrayList<String>();
        Weft.run(
                () -> {
                    var lookUp =
                            Weft.spawn(
                                    () -> {
                                        order.add("looks up");
                                        var found = InetAddress.getByName("slow.weft.test");
                                        order.add("found");
                                        return found;
                                    });
                    for (int i = 0; i < 100; i++) {
                        Weft.yieldNow();
                    }
                    order.add("another runs");
                    release.countDown();
                    assertThat(lookUp.get().getHostAddress()).isEqualTo("127.0.0.9");
                });
        assertThat(order).containsExactly("looks up", "another runs", "found");
    }

    @Test
    void allAddressesAreFound() throws Exception {
        dns.host("both.weft.test", 127, 0, 0, 9)
                .host("both.weft.test", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        InetAddress[] found = Weft.run(() -> InetAddress.getAllByName("both.weft.test"));
        assertThat(found)
                .extracting(InetAddress::getHostAddress)
                .contains("127.0.0.9")
                .isSubsetOf("127.0.0.9", "0:0:0:0:0:0:0:1");
        assertThat(found).extracting(InetAddress::getHostName).containsOnly("both.weft.test");
    }

    /** RFC 7766 section 5. */
    @Test
    void answerThatADatagramHasNoRoomForComesByTcp() throws Exception {
        dns.host("large.weft.test", 127, 0, 0, 8).cut("large.weft.test");
        Weft.run(
                () ->
                        assertThat(InetAddress.getByName("large.weft.test").getAddress())
                                .containsExactly(127, 0, 0, 8));
    }

    @Test
    void nameThatADatagramHasNoRoomForComesByTcp() throws Exception {
        dns.host("wide.weft.test", 127, 9, 9, 8)
                .pointer("8.9.9.127.in-addr.arpa", "wide.weft.test")
                .cut("8.9.9.127.in-addr.arpa")
                .cut("wide.weft.test");
        var address = InetAddress.getByAddress(new byte[] {127, 9, 9, 8});
        assertThat(Weft.run(address::getCanonicalHostName)).isEqualTo("wide.weft.test");
    }

    @Test
    void socketsUseIt() throws Exception {
        dns.host("socket.weft.test", 127, 0, 0, 1);
        Weft.run(
                () -> {
                    try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                            var socket = new Socket("socket.weft.test", server.getLocalPort())) {
                        assertThat(socket.isConnected()).isTrue();
                    }
                });
    }

    /** Its look-ups are made on its executor; threads that a coroutine starts are coroutines. */
    @Test
    void httpClientUsesIt() throws Exception {
        dns.host("http.weft.test", 127, 0, 0, 1);
        Weft.run(
                () -> {
                    try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                            var executor = Executors.newVirtualThreadPerTaskExecutor();
                            var client = HttpClient.newBuilder().executor(executor).build()) {
                        Weft.spawn(() -> answerOnce(server));
                        var uri =
                                URI.create("http://http.weft.test:" + server.getLocalPort() + "/");
                        var request =
                                HttpRequest.newBuilder(uri)
                                        .version(HttpClient.Version.HTTP_1_1)
                                        .build();
                        assertThat(
                                        client.send(request, HttpResponse.BodyHandlers.ofString())
                                                .body())
                                .isEqualTo("hello");
                    }
                });
    }

    private static void answerOnce(ServerSocket server) throws IOException {
        try (var socket = server.accept()) {
            for (int end = 0; end != 0x0d0a0d0a; ) {
                end = end << 8 | socket.getInputStream().read();
            }
            socket.getOutputStream()
                    .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
                                    .getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void addressesAreLookedUpTheOtherWayToo() throws Exception {
        dns.host("nine.weft.test", 127, 9, 9, 9)
                .pointer("9.9.9.127.in-addr.arpa", "nine.weft.test");
        var address = InetAddress.getByAddress(new byte[] {127, 9, 9, 9});
        assertThat(Weft.run(address::getCanonicalHostName)).isEqualTo("nine.weft.test");
    }

    @Test
    void hostsFileAndLiteralsNeedNoServer() throws Exception {
        Weft.run(
                () -> {
                    assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
                    assertThat(InetAddress.getByName("127.1.2.3").getHostAddress())
                            .isEqualTo("127.1.2.3");
                    assertThat(InetAddress.getByName("::1").isLoopbackAddress()).isTrue();
                    var address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
                    assertThat(address.getCanonicalHostName()).isEqualTo(localName());
                });
    }

    private static String localName() {
        String name = HostsFile.system().nameOf(InetAddress.getLoopbackAddress());
        return name == null ? "127.0.0.1" : name;
    }

    @Test
    void unknownHostIsUnknown() throws Exception {
        Weft.run(
                () ->
                        assertThatThrownBy(() -> InetAddress.getByName("nobody.weft.test"))
                                .isInstanceOf(UnknownHostException.class)
                                .hasMessageContaining("nobody.weft.test"));
    }

    /** The JDK remembers failures; a kill must not become everybody's failure. */
    @Test
    void killedLookUpIsNotRemembered() throws Exception {
        dns.host("killed.weft.test", 127, 0, 0, 9);
        var release = dns.hold("killed.weft.test");
        Weft.run(
                () -> {
                    var killed = Weft.spawn(() -> InetAddress.getByName("killed.weft.test"));
                    for (int i = 0; i < 100; i++) {
                        Weft.yieldNow();
                    }
                    killed.kill();
                    killed.join();
                    assertThat(killed.state()).isEqualTo(Coroutine.State.KILLED);
                    release.countDown();
                    assertThat(InetAddress.getByName("killed.weft.test").getHostAddress())
                            .isEqualTo("127.0.0.9");
                });
    }

    @Test
    void connectionsUseTheSameResolver() throws Exception {
        dns.host("connect.weft.test", 127, 0, 0, 1);
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Weft.run(
                    () ->
                            Connection.connect(
                                            InetSocketAddress.createUnresolved(
                                                    "connect.weft.test", server.getLocalPort()),
                                            java.time.Duration.ofSeconds(30))
                                    .close());
        }
    }

    @Test
    void otherThreadsKeepTheJdksWay() throws Exception {
        var builtin = new Builtin();
        InetAddressResolver resolver = CooperativeResolverProvider.over(builtin);
        LookupPolicy policy = LookupPolicy.of(LookupPolicy.IPV4);

        resolver.lookupByName("plain.weft.test", policy);
        resolver.lookupByAddress(new byte[4]);
        assertThat(builtin.calls).hasValue(2);

        Thread virtual =
                Thread.ofVirtual().start(() -> lookUp(resolver, "virtual.weft.test", policy));
        virtual.join();
        assertThat(builtin.calls).hasValue(3);

        dns.host("own.weft.test", 127, 0, 0, 9);
        Weft.run(() -> lookUp(resolver, "own.weft.test", policy));
        assertThat(builtin.calls).hasValue(3);
    }

    private static void lookUp(InetAddressResolver resolver, String host, LookupPolicy policy) {
        try {
            assertThat(resolver.lookupByName(host, policy)).hasSize(1);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Stands for the C library's. */
    private static final class Builtin implements InetAddressResolver {
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
            calls.incrementAndGet();
            return Stream.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public String lookupByAddress(byte[] address) {
            calls.incrementAndGet();
            return "";
        }
    }

    @Test
    void familiesAndTheirOrderAreAsWanted() throws Exception {
        var four = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        var six = InetAddress.getByAddress(new byte[16]);
        assertThat(arranged(List.of(six, four), LookupPolicy.IPV4)).containsExactly(four);
        assertThat(arranged(List.of(six, four), LookupPolicy.IPV6)).containsExactly(six);
        int both = LookupPolicy.IPV4 | LookupPolicy.IPV6;
        assertThat(arranged(List.of(six, four), both)).containsExactly(six, four);
        assertThat(arranged(List.of(six, four), both | LookupPolicy.IPV4_FIRST))
                .containsExactly(four, six);
        assertThat(arranged(List.of(four, six), both | LookupPolicy.IPV6_FIRST))
                .containsExactly(six, four);
        assertThatThrownBy(() -> arranged(List.of(four), LookupPolicy.IPV6))
                .isInstanceOf(UnknownHostException.class);
    }

    private static List<InetAddress> arranged(List<InetAddress> found, int policy)
            throws UnknownHostException {
        return CooperativeResolverProvider.arrange("host", found, LookupPolicy.of(policy));
    }

    @Test
    void reverseNamesAreAsDnsWantsThem() throws Exception {
        assertThat(ReverseName.of(InetAddress.getByName("192.0.2.17")))
                .isEqualTo("17.2.0.192.in-addr.arpa.");
        assertThat(ReverseName.of(InetAddress.getByName("2001:db8::ab")))
                .isEqualTo(
                        "b.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
                                + ".8.b.d.0.1.0.0.2.ip6.arpa.");
    }

    /** Who has Weft on the path and does not use it needs none of its flags. */
    @Test
    void programWithoutLoopsIsLeftAlone() throws Exception {
        var command = new ArrayList<>(ChildJvm.command(Bystander.class));
        command.removeIf(word -> word.startsWith("--add-opens"));
        assertThat(Subprocess.checkOutput(command.toArray(String[]::new))).isEqualTo("found\n");
    }

    static final class Bystander {
        public static void main(String[] arguments) throws Exception {
            InetAddress.getByName("localhost");
            Thread virtual = Thread.ofVirtual().start(Bystander::lookUp);
            virtual.join();
        }

        private static void lookUp() {
            try {
                InetAddress.getAllByName("localhost");
                System.out.println("found");
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }
}
