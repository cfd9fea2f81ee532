package io.weft.server;

import io.netty.channel.Channel;
import io.weft.Printable;
import io.weft.net.Addresses;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The file of a Unix socket on which a server listens. Only a file that is known to be the server's
 * own, or of one that died, is ever deleted: another may stand under the same name by now. Any
 * thread.
 */
final class SocketFile {
    /** Of a file's mode (inode(7)): the kind of file, and the kind that a socket is. */
    private static final int KIND = 0170000;

    private static final int SOCKET = 0140000;

    private final Path path;
    private final @Nullable Object inode; // while the socket is open no other file can have it

    private SocketFile(Path path, @Nullable Object inode) {
        this.path = path;
        this.inode = inode;
    }

    /** Of a socket that has just been bound. */
    static SocketFile of(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        return new SocketFile(path, inodeOf(path));
    }

    private static @Nullable Object inodeOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /**
     * The socket file of a server that died is in the way of the next one. Only a socket is ever
     * deleted, and only if the kernel says that nobody listens on it. Any other file is refused
     * here: Netty's native transports would delete it, whatever it is.
     */
    static void vacate(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        if (isSocket(path)) {
            deleteIfStale(address);
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new BindException("Address already in use");
        }
    }

    private static void deleteIfStale(UnixDomainSocketAddress address) throws IOException {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // the backlog of a live one may be full
            probe.connect(address);
        } catch (ConnectException e) {
            Files.deleteIfExists(address.getPath());
        } catch (IOException e) {
            LoggerFactory.getLogger(StreamServer.class).debug("cannot tell who has {}", address, e);
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                        instanceof Integer mode
                && (mode & KIND) == SOCKET;
    }

    private boolean isOwn() throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && (inode == null || inode.equals(inodeOf(path)));
    }

    /** Deletes the file, before the socket is closed: afterwards it could be the next server's. */
    void delete() {
        try {
            if (isOwn()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(StreamServer.class)
                    .warn("cannot delete {}: {}", this, Printable.of(e));
        }
    }

    /**
     * For a channel that deletes, when it closes, whatever has its name: what another has put there
     * is kept under a second name meanwhile.
     */
    void outlive(Channel channel) {
        try {
            if (isOwn() || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            Path kept = path.resolveSibling(path.getFileName() + ".kept");
            Files.createLink(kept, path);
            channel.closeFuture().addListener(_ -> restore(kept));
        } catch (IOException | UnsupportedOperationException e) {
            LoggerFactory.getLogger(StreamServer.class)
                    .warn("cannot keep {}, which is another's: {}", this, Printable.of(e));
        }
    }

    private void restore(Path kept) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(kept); // it was not taken away, or there is a third
        } else {
            Files.move(kept, path);
        }
    }

    @Override
    public String toString() {
        return Addresses.format(UnixDomainSocketAddress.of(path));
    }
}
