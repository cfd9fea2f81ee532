package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.LoopGroup;
import io.weft.net.Addresses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Listeners on {@code unix:/path}, and what becomes of the file. */
class UnixListenTest {
    private final LoopGroup group = LoopGroup.create(2);

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void begin() {
        file = folder.resolve("weft.sock");
    }

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void fileIsThereUntilTheStop() throws Exception {
        try (var server = bind()) {
            assertThat(server.address()).isEqualTo(UnixDomainSocketAddress.of(file));
            assertThat(Addresses.format(server.address())).isEqualTo("unix:" + file);
            assertThat(file).exists();
            assertEchoes();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void fileGoesAlsoIfTheLoopsEndedFirst() throws Exception {
        try (var _ = bind()) {
            group.close();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void fileOfADeadServerIsReplaced() throws Exception {
        leaveAFileBehind();
        assertThat(file).exists();
        try (var _ = bind()) {
            assertEchoes();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void fileOfALiveServerIsInUse() throws Exception {
        try (var _ = bind()) {
            assertInUse();
            assertEchoes();
        }
    }

    @Test
    void liveServerMayBeBusy() throws Exception {
        try (var busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(file), 1);
            try (var _ = connect();
                    var _ = connect()) { // which fills its backlog
                assertInUse();
                assertThat(file).exists();
            }
        }
    }

    /** The old one's file is gone, by an administrator's hand, before the old one has stopped. */
    @Test
    void fileOfTheNextServerStaysWhenTheOldOneStops() throws Exception {
        var old = bind();
        Files.delete(file);
        try (var _ = bind()) {
            old.close();
            assertEchoes();
            assertThat(folder.toFile().list()).containsExactly(file.getFileName().toString());
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(file, "precious");
        assertInUse();
        assertThat(file).hasContent("precious");
    }

    @Test
    void linkToANotListeningSocketIsLeftAlone() throws Exception {
        leaveAFileBehind();
        var link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThatThrownBy(() -> bind("unix:" + link)).isInstanceOf(BindException.class);
        assertThat(link).isSymbolicLink();
        assertThat(file).exists();
    }

    @Test
    void missingFolder() {
        String address = "unix:" + folder.resolve("missing/weft.sock");
        assertThatThrownBy(() -> bind(address))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("cannot listen on " + address + ": ");
    }

    private void leaveAFileBehind() throws IOException {
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file)); // the JDK does not delete it
        }
    }

    private StreamServer bind() throws IOException {
        return bind("unix:" + file);
    }

    private StreamServer bind(String address) throws IOException {
        return StreamServer.builder(Served::echo).listen(address).group(group).bind();
    }

    private void assertInUse() {
        assertThatThrownBy(this::bind)
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on unix:" + file + ": address already in use");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file));
    }

    private void assertEchoes() throws IOException {
        try (var client = connect()) {
            client.write(StandardCharsets.UTF_8.encode("hello"));
            var answer = ByteBuffer.allocate("hello".length());
            while (answer.hasRemaining() && client.read(answer) >= 0) {}
            assertThat(StandardCharsets.UTF_8.decode(answer.flip()).toString()).isEqualTo("hello");
        }
    }
}
