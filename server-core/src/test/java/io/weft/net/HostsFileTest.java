package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.ResolvedAddressTypes;
import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class HostsFileTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir private Path folder;
    private Path file;
    private HostsFile hosts;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("hosts"), "10.0.0.7 seven Seven.weft.test\n");
        hosts = new HostsFile(file);
    }

    @AfterEach
    void forget() {
        System.clearProperty("weft.hosts.file");
    }

    private void add(String line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    }

    private List<String> find(String host) {
        return find(host, ResolvedAddressTypes.IPV4_PREFERRED);
    }

    private List<String> find(String host, ResolvedAddressTypes wanted) {
        return hosts.addresses(host, wanted).stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void lineThatIsAddedIsSeen() throws Exception {
        Files.setLastModifiedTime(file, LONG_AGO);
        assertThat(find("eight")).isEmpty();
        add("10.0.0.8 eight");
        assertThat(find("eight")).containsExactly("10.0.0.8");
        assertThat(find("seven")).containsExactly("10.0.0.7");
    }

    /** Its time and its size may be what they were: file systems count in ticks. */
    @Test
    void changeWithinATickIsSeen() throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        FileTime before = Files.getLastModifiedTime(file);
        assertThat(find("seven")).containsExactly("10.0.0.7");
        Files.writeString(file, Files.readString(file).replace("10.0.0.7", "10.0.0.9"));
        Files.setLastModifiedTime(file, before);
        assertThat(find("seven")).containsExactly("10.0.0.9");
    }

    /** As editors and package managers replace it. */
    @Test
    void anotherFileInItsPlaceIsSeen() throws Exception {
        Files.setLastModifiedTime(file, LONG_AGO);
        assertThat(find("seven")).containsExactly("10.0.0.7");
        Path other = Files.writeString(folder.resolve("new"), "10.0.0.5 seven seven.weft.test\n");
        Files.setLastModifiedTime(other, LONG_AGO);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(find("seven")).containsExactly("10.0.0.5");
    }

    @Test
    void fileThatGoesAndComesIsSeen() throws Exception {
        Files.setLastModifiedTime(file, LONG_AGO);
        assertThat(find("seven")).hasSize(1);
        Files.delete(file);
        assertThat(find("seven")).isEmpty();
        Files.writeString(file, "10.0.0.7 seven\n");
        assertThat(find("seven")).hasSize(1);
    }

    @Test
    void fileThatIsAsItWasIsNotReadAgain() throws Exception {
        Files.setLastModifiedTime(file, LONG_AGO);
        InetAddress first = hosts.addresses("seven", ResolvedAddressTypes.IPV4_ONLY).getFirst();
        assertThat(hosts.addresses("seven", ResolvedAddressTypes.IPV4_ONLY).getFirst())
                .isSameAs(first);
    }

    @Test
    void familiesAreAsWanted() throws Exception {
        add("::7 seven");
        String v6 = "0:0:0:0:0:0:0:7";
        assertThat(find("SEVEN", ResolvedAddressTypes.IPV4_ONLY)).containsExactly("10.0.0.7");
        assertThat(find("seven", ResolvedAddressTypes.IPV6_ONLY)).containsExactly(v6);
        assertThat(find("seven", ResolvedAddressTypes.IPV4_PREFERRED))
                .containsExactly("10.0.0.7", v6);
        assertThat(find("seven", ResolvedAddressTypes.IPV6_PREFERRED))
                .containsExactly(v6, "10.0.0.7");
        assertThat(find("seven.weft.test")).containsExactly("10.0.0.7");
    }

    @Test
    void linesAreReadTheOtherWayToo() {
        byte[] address = {10, 0, 0, 7};
        assertThat(HostsFile.nameIn("10.0.0.7 seven seven.example # comment", address))
                .isEqualTo("seven");
        assertThat(HostsFile.nameIn("\t10.0.0.7\tseven", address)).isEqualTo("seven");
        assertThat(HostsFile.nameIn("# 10.0.0.7 seven", address)).isEmpty();
        assertThat(HostsFile.nameIn("10.0.0.7", address)).isEmpty();
        assertThat(HostsFile.nameIn("10.0.0.8 eight", address)).isEmpty();
        assertThat(HostsFile.nameIn("", address)).isEmpty();
    }

    /** By connections at once; the JDK itself remembers what it did not find for ten seconds. */
    @Test
    void connectionsSeeALineThatIsAdded() throws Exception {
        System.setProperty("weft.hosts.file", file.toString());
        Files.setLastModifiedTime(file, LONG_AGO);
        try (var server = new ServerSocket(0, 2, InetAddress.getByName("127.0.0.1"))) {
            Weft.run(
                    () -> {
                        add("127.0.0.1 nine.hosts.test");
                        connect("nine.hosts.test", server);
                        assertThat(InetAddress.getByName("nine.hosts.test").getHostAddress())
                                .isEqualTo("127.0.0.1");
                        add("127.0.0.1 ten.hosts.test");
                        connect("ten.hosts.test", server);
                    });
        }
    }

    private static void connect(String host, ServerSocket server) throws IOException {
        Connection.connect(
                        InetSocketAddress.createUnresolved(host, server.getLocalPort()),
                        Duration.ofSeconds(30))
                .close();
    }
}
