package io.weft.net;

import io.netty.util.NetUtil;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringTokenizer;

/**
 * The system's hosts file, read from address to name: Netty's reader knows the other way only. Any
 * thread; it is a small local file, read again each time as the C library does.
 */
final class HostsFile {
    private HostsFile() {}

    private static Path path() {
        String windows = System.getenv("SystemRoot");
        return windows != null && Files.isDirectory(Path.of(windows))
                ? Path.of(windows, "system32", "drivers", "etc", "hosts")
                : Path.of("/etc/hosts");
    }

    /** The first name of the first line for {@code address}; null if there is none. */
    static @Nullable String nameOf(InetAddress address) {
        try (var lines = Files.lines(path(), StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> nameIn(line, address.getAddress()))
                    .filter(name -> !name.isEmpty())
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null; // a system without the file
        }
    }

    /** Empty if the line is about something else. */
    static String nameIn(String line, byte[] address) {
        int comment = line.indexOf('#');
        var words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
        return words.countTokens() > 1
                        && Arrays.equals(
                                NetUtil.createByteArrayFromIpAddressString(words.nextToken()),
                                address)
                ? words.nextToken()
                : "";
    }
}
