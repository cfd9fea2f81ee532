package io.weft.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Weft;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(180)
public class BackdoorTest { // public for the snippets
    /** State of this process, for snippets to find. */
    public static final AtomicInteger STATE = new AtomicInteger();

    public static final CountDownLatch ENTERED = new CountDownLatch(1);

    private static final String PROMPT = ">>> ";

    private final Backdoor backdoor = open();

    private static Backdoor open() {
        try {
            return Backdoor.bind("127.0.0.1:0");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() throws IOException {
        backdoor.close();
    }

    @Test
    void snippetsSeeTheProcessAndSurviveEachOther() throws Exception {
        try (var session = new Session(backdoor)) {
            assertThat(session.greeting()).contains("quit ends the session");
            assertThat(session.ask("1 + 2")).contains("==> 3");
            assertThat(session.ask("io.weft.debug.BackdoorTest.STATE.set(42)")).isEmpty();
            assertThat(STATE).hasValue(42);
            assertThat(session.ask("println(\"said here\")")).isEqualTo("said here\n");

            // bad ones: what does not compile, what throws, what is half
            assertThat(session.ask("nonsense(")).isEqualTo("... ");
            assertThat(session.askOn("1)")).contains("nonsense");
            assertThat(session.ask("int x = \"text\"")).contains("incompatible types");
            assertThat(session.ask("throw new IllegalStateException(\"on purpose\")"))
                    .contains("java.lang.IllegalStateException: on purpose");
            assertThat(session.ask("int half(int n) {")).isEqualTo("... ");
            assertThat(session.askOn("return n / 2; }")).isEmpty();
            assertThat(session.ask("half(10)")).contains("==> 5");
            assertThat(session.ask("var t = 3; t * 2")).contains("t ==> 3", "==> 6");

            // coroutines of the process
            Weft.run(() -> assertThat(Weft.await(session.later("dump()"))).contains("coroutine-"));

            session.send("quit");
            assertThat(session.rest()).isEmpty();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> backdoor.sessionCount() == 0);
    }

    @Test
    void everyConnectionHasASessionOfItsOwn() throws Exception {
        try (var one = new Session(backdoor);
                var other = new Session(backdoor)) {
            one.greeting();
            other.greeting();
            one.ask("var mine = 1");
            assertThat(other.ask("mine")).contains("cannot find symbol");
            assertThat(one.ask("mine")).contains("==> 1");
            assertThat(backdoor.sessionCount()).isEqualTo(2);
        }
    }

    /** A snippet that runs for ever ends with the backdoor. */
    @Test
    void closeStopsRunningSnippets() throws Exception {
        try (var session = new Session(backdoor)) {
            session.greeting();
            session.send(
                    "io.weft.debug.BackdoorTest.ENTERED.countDown(); while (true) {"
                            + " Thread.onSpinWait(); }");
            ENTERED.await();
            backdoor.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> backdoor.sessionCount() == 0);
        }
    }

    @Test
    void addressesThatOthersCanReachAreRefused() {
        for (String address : new String[] {"0.0.0.0:0", "[::]:0"}) {
            assertThatThrownBy(() -> Backdoor.bind(address))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bindToNetwork");
        }
    }

    @Test
    void withoutAHostItIsLoopback() throws Exception {
        try (var own = Backdoor.bind(":0")) {
            assertThat(((InetSocketAddress) own.address()).getAddress().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void otherAddressesCanBeAskedForByName() throws Exception {
        try (var log = LogRecorder.of(Backdoor.class);
                var own = Backdoor.bindToNetwork("127.0.0.1:0")) {
            assertThat(log.messages()).singleElement().asString().contains("without a password");
            assertThat(own.sessionCount()).isZero();
        }
    }

    @Test
    void portInUseIsSaid() {
        int port = ((InetSocketAddress) backdoor.address()).getPort();
        assertThatThrownBy(() -> Backdoor.bind("127.0.0.1:" + port))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void unixSocketsAreNotOfTheNetwork() {
        assertThatThrownBy(() -> Backdoor.bindToNetwork("unix:/tmp/weft"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unixSocketIsForThisUserOnly(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("door");
        var first = Backdoor.bind("unix:" + file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> Backdoor.bind("unix:" + file))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(file.toString(), "in use");
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            var in = Channels.newInputStream(channel);
            channel.write(ByteBuffer.wrap("1 + 2\nquit\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("==> 3");
        }
        try (var listing = Files.list(folder)) {
            assertThat(listing).containsExactly(file);
        }
        first.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void deadSocketIsReplacedAndAnotherFileIsNot(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("door");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
        }
        var first = Backdoor.bind("unix:" + file);
        Files.delete(file);
        Backdoor.bind("unix:" + file).close(); // leaves the first one nothing to delete
        Files.writeString(file, "precious");
        first.close();
        assertThat(file).hasContent("precious");
        assertThatThrownBy(() -> Backdoor.bind("unix:" + file)).isInstanceOf(IOException.class);
        assertThat(file).hasContent("precious");
    }

    @Test
    void nothingThatAWebPageCanSendIsEvaluated() throws Exception {
        try (var log = LogRecorder.of(Backdoor.class);
                var session = new Session(backdoor)) {
            int before = STATE.get();
            session.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\r\n"
                            + "io.weft.debug.BackdoorTest.STATE.incrementAndGet();");
            assertThat(session.rest()).contains("expected Java, but got HTTP");
            assertThat(STATE).hasValue(before);
            assertThat(log.messages()).singleElement().asString().contains("HTTP");
        }
    }

    /** The other end of a session. */
    private static final class Session implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Session(Backdoor backdoor) throws IOException {
            var address = (InetSocketAddress) backdoor.address();
            socket = new Socket(address.getAddress(), address.getPort());
            in = socket.getInputStream();
        }

        String greeting() throws IOException {
            return until(PROMPT);
        }

        void send(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        /** What comes before the next prompt, or the prompt for more. */
        String ask(String line) throws IOException {
            send(line);
            return until(PROMPT);
        }

        String askOn(String line) throws IOException {
            return ask(line);
        }

        CompletableFuture<String> later(String line) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return ask(line);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
        }

        String rest() throws IOException {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        private String until(String end) throws IOException {
            var text = new java.io.ByteArrayOutputStream();
            for (int c; (c = in.read()) >= 0; ) {
                text.write(c);
                String so = text.toString(StandardCharsets.UTF_8);
                if (so.endsWith(end)) {
                    return so.substring(0, so.length() - end.length()).replace("\r\n", "\n");
                }
                if (so.equals("... ")) {
                    return so;
                }
            }
            throw new IOException("the session ended after: " + text);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
