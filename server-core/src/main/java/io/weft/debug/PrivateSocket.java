package io.weft.debug;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A listening Unix socket that nobody but this user can ever connect to: its file is made in a
 * folder that others cannot enter, and gets its name when it has its mode. Any thread.
 *
 * @param key of the file, by which it is known again (Unix: device and inode)
 */
record PrivateSocket(ServerSocketChannel listener, Path path, @Nullable Object key) {
    static PrivateSocket bind(Path path, int backlog) throws IOException {
        requireVacant(path);
        Path name = path.toAbsolutePath();
        Path folder = Files.createTempDirectory(name.getParent(), ".weft"); // its mode is 0700
        Path made = folder.resolve("s");
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(made), backlog);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Object key = key(made);
            Files.move(made, name, StandardCopyOption.ATOMIC_MOVE);
            return new PrivateSocket(listener, name, key);
        } catch (IOException e) {
            listener.close();
            throw e;
        } finally {
            Files.deleteIfExists(made);
            Files.delete(folder);
        }
    }

    /** The socket of a process that died may be in the way; it is replaced, and nothing else is. */
    private static void requireVacant(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // the backlog of a live one may be full
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            if (Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                return;
            }
        } catch (IOException e) {
            // somebody listens there, but is busy; or it is not for us to know
        }
        throw new IOException("the address is in use");
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Unless the file is another one's by now. */
    void delete() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key != null && key.equals(key(path))) {
            Files.delete(path);
        }
    }
}
