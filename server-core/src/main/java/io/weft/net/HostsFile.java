package io.weft.net;

import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.util.NetUtil;
import io.netty.util.internal.PlatformDependent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.Stream;

/**
 * The system's hosts file, with what is in it now: the C library reads it anew for each look-up,
 * this does when the file is another one (gevent's HostsFile, c-ares: the same). Used by one thread
 * at a time.
 */
final class HostsFile {
    /** Names a file in place of the system's. */
    private static final String FILE = "weft.hosts.file";

    /**
     * A file that was changed so shortly before it was read may have been changed again since, and
     * bear the same time: file systems count in ticks, some of them of two seconds.
     */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private final Path path;
    private @Nullable Contents contents;

    /** What tells one state of the file from the next. */
    private record Stamp(FileTime modified, long size, @Nullable Object key) {
        private static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path path) {
            try {
                var now = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
            } catch (IOException e) {
                return NONE; // a system without the file
            }
        }

        boolean isSettled() {
            return System.currentTimeMillis() - modified.toMillis() > UNSETTLED.toMillis();
        }
    }

    private record Contents(Stamp stamp, boolean isSettled, HostsFileEntriesProvider entries) {}

    HostsFile(Path path) {
        this.path = path;
    }

    /** The one that is used. */
    static HostsFile system() {
        String given = System.getProperty(FILE, "");
        return new HostsFile(given.isEmpty() ? systemPath() : Path.of(given));
    }

    private static Path systemPath() {
        String windows = System.getenv("SystemRoot");
        return windows != null && Files.isDirectory(Path.of(windows))
                ? Path.of(windows, "system32", "drivers", "etc", "hosts")
                : Path.of("/etc/hosts");
    }

    /** The addresses of {@code host}, the preferred ones first; empty if it is not in the file. */
    List<InetAddress> addresses(String host, ResolvedAddressTypes wanted) {
        HostsFileEntriesProvider entries = entries();
        var v4 = entries.ipv4Entries();
        var v6 = entries.ipv6Entries();
        return switch (wanted) {
            case IPV4_ONLY -> of(host, v4).toList();
            case IPV6_ONLY -> of(host, v6).toList();
            case IPV4_PREFERRED -> Stream.concat(of(host, v4), of(host, v6)).toList();
            case IPV6_PREFERRED -> Stream.concat(of(host, v6), of(host, v4)).toList();
        };
    }

    private static Stream<InetAddress> of(String host, Map<String, List<InetAddress>> entries) {
        return entries.getOrDefault(host.toLowerCase(Locale.ENGLISH), List.of()).stream();
    }

    private HostsFileEntriesProvider entries() {
        Contents known = contents;
        Stamp stamp = Stamp.of(path); // before it is read: a change meanwhile is another stamp
        if (known == null || !known.isSettled || !known.stamp.equals(stamp)) {
            known = new Contents(stamp, stamp.isSettled(), read());
            contents = known;
        }
        return known.entries;
    }

    private HostsFileEntriesProvider read() {
        return HostsFileEntriesProvider.parser().parseSilently(path.toFile(), charsets());
    }

    /** On Windows it is in any of these, as Netty has it. */
    private static Charset[] charsets() {
        return PlatformDependent.isWindows()
                ? new Charset[] {
                    Charset.defaultCharset(), StandardCharsets.UTF_16, StandardCharsets.UTF_8
                }
                : new Charset[] {Charset.defaultCharset()};
    }

    /** The first name of the first line for {@code address}; null if there is none. */
    @Nullable String nameOf(InetAddress address) {
        try (var lines = Files.lines(path, StandardCharsets.ISO_8859_1)) {
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
