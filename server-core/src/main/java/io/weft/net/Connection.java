package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.handler.ssl.SslHandler;
import io.weft.Loop;
import io.weft.Printable;
import io.weft.Selectable;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;

import javax.net.ssl.SSLSession;

/**
 * A stream of bytes each way, over TCP or a Unix socket, with or without TLS (gevent: socket).
 * Calls block the coroutine, never its loop. One coroutine may read and another write at the same
 * time; a second reader or writer is refused. What was written goes out when the coroutine next
 * blocks, when much has gathered, or at {@link #flush()}.
 *
 * <p>Every call can be made from any thread: on the connection's own loop it is direct, elsewhere
 * it is passed on to that loop and waited for. Calls throw {@link IOException}: {@link
 * java.net.SocketTimeoutException} at a read or write timeout, {@link
 * java.io.InterruptedIOException} when the coroutine is killed or its {@link io.weft.Timeout}
 * expires.
 *
 * <p>Differences from gevent: writing returns before the bytes are with the kernel ({@code flush()}
 * waits for that); end of stream is -1 or null, as in Java's streams.
 */
public final class Connection implements Closeable {
    private static final ChannelHandler[] NONE = {};

    private final Loop loop;
    private final Channel channel;
    final Inbound inbound;
    final Outbound outbound;
    private ChannelHandler[] codec = NONE;
    private volatile boolean closed;

    Connection(Loop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
        var buffers = LoopBuffers.OF.get(loop);
        this.inbound = new Inbound(this, loop, buffers);
        this.outbound = new Outbound(this, channel, loop, buffers);
    }

    /** Connects to {@code address}, as {@link Addresses#parse} reads it, within {@code timeout}. */
    public static Connection connect(String address, Duration timeout) throws IOException {
        return new Connector().timeout(timeout).connect(Addresses.parse(address));
    }

    /**
     * Connects to {@code address} within {@code timeout}; an unresolved one is looked up
     * cooperatively.
     */
    public static Connection connect(SocketAddress address, Duration timeout) throws IOException {
        return new Connector().timeout(timeout).connect(address);
    }

    /** How many bytes have come into {@code bytes}: at least one, -1 at the end. */
    public int read(byte[] bytes) throws IOException {
        return read(bytes, 0, bytes.length);
    }

    /**
     * How many bytes, at most {@code length}, have come into {@code bytes}: at least one, -1 at the
     * end.
     */
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return loop.isCurrent()
                ? inbound.read(bytes, offset, length)
                : Passage.call(this, () -> inbound.read(bytes, offset, length));
    }

    /** How many bytes have come into {@code buffer}: at least one if it has room, -1 at the end. */
    public int read(ByteBuffer buffer) throws IOException {
        return loop.isCurrent()
                ? inbound.read(buffer)
                : Passage.call(this, () -> inbound.read(buffer));
    }

    /**
     * What has come, 1 to {@code most} bytes; null at the end (gevent: recv). No memory is held
     * while waiting.
     */
    public byte @Nullable [] read(int most) throws IOException {
        return loop.isCurrent()
                ? inbound.readSome(most)
                : Passage.call(this, () -> inbound.readSome(most));
    }

    /** What has come, without a copy, in a buffer that the caller releases; null at the end. */
    public @Nullable ByteBuf receive() throws IOException {
        return receive(Integer.MAX_VALUE);
    }

    /** As {@link #receive()}, at most {@code most} bytes. */
    public @Nullable ByteBuf receive(int most) throws IOException {
        return loop.isCurrent()
                ? inbound.receive(most)
                : Passage.call(this, () -> inbound.receive(most));
    }

    /**
     * The next {@code count} bytes. Killed, or at a limit, it leaves those that have come for the
     * next read.
     *
     * @throws java.io.EOFException if the stream ends before
     */
    public byte[] readExactly(int count) throws IOException {
        var bytes = new byte[count];
        readExactly(bytes, 0, count);
        return bytes;
    }

    /** As {@link #readExactly(int)}, into {@code bytes}. */
    public void readExactly(byte[] bytes, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, bytes.length);
        if (loop.isCurrent()) {
            inbound.readExactly(bytes, offset, count);
        } else {
            Passage.run(this, () -> inbound.readExactly(bytes, offset, count));
        }
    }

    /**
     * The next line in UTF-8, without its end, which is LF or CRLF; what is left if the stream ends
     * without one; null at the end.
     *
     * @throws LimitExceededException if no LF comes within {@code limit} bytes
     */
    public @Nullable String readLine(int limit) throws IOException {
        return readLine(limit, StandardCharsets.UTF_8);
    }

    /** As {@link #readLine(int)}, in another charset whose line feed is the byte 10. */
    public @Nullable String readLine(int limit, Charset charset) throws IOException {
        byte[] line = readUntil(Lines.END, limit);
        return line == null ? null : Lines.text(line, charset);
    }

    /**
     * Bytes up to and with {@code delimiter}; what is left if the stream ends without one; null at
     * the end.
     *
     * @throws LimitExceededException if it does not come within {@code limit} bytes; nothing is
     *     consumed then
     */
    public byte @Nullable [] readUntil(byte[] delimiter, int limit) throws IOException {
        return loop.isCurrent()
                ? inbound.readUntil(delimiter, limit)
                : Passage.call(this, () -> inbound.readUntil(delimiter, limit));
    }

    /** Writes all of {@code bytes}, which may be used again at once (gevent: sendall). */
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /** As {@link #write(byte[])}, a part. */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (loop.isCurrent()) {
            outbound.write(bytes, offset, length);
        } else {
            Passage.run(this, () -> outbound.write(bytes, offset, length));
        }
    }

    /** Writes {@code text} in UTF-8. */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes what is left in {@code buffer}, which may be used again at once. */
    public void write(ByteBuffer buffer) throws IOException {
        if (buffer.hasArray()) {
            write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
        } else {
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            write(bytes);
        }
    }

    /** Writes {@code buffer} without a copy, and releases it, also if this fails. */
    public void write(ByteBuf buffer) throws IOException {
        if (loop.isCurrent()) {
            outbound.write(buffer);
        } else {
            Passage.run(this, () -> outbound.write(buffer));
        }
    }

    /**
     * Writes a part of a file from kernel to kernel where the transport can, and releases the
     * region.
     */
    public void write(FileRegion region) throws IOException {
        if (loop.isCurrent()) {
            outbound.write(region);
        } else {
            Passage.run(this, () -> outbound.write(region));
        }
    }

    /**
     * Writes what a handler of {@link #codec} encodes; it is released, also if this fails. On the
     * connection's loop.
     *
     * @param bytes about how much it will be, for the high-water mark
     */
    public void writeMessage(Object message, long bytes) throws IOException {
        outbound.write(message, bytes);
    }

    /**
     * Puts handlers between the socket, or TLS, and this connection, the first nearest to the
     * socket. What they pass on as {@link ByteBuf} is what this connection reads. A handler that is
     * {@link AutoCloseable} keeps something for the coroutine, and is closed, on the loop, when
     * this side closes the connection: the channel may have gone long before, or go long after. On
     * the hub, or before the channel is registered.
     */
    public void codec(ChannelHandler... handlers) {
        var pipeline = channel.pipeline();
        String own = pipeline.context(inbound).name();
        for (ChannelHandler handler : handlers) {
            pipeline.addBefore(own, null, handler);
        }
        codec = handlers;
    }

    /**
     * The handler of that class among those given to {@link #codec(ChannelHandler...)}; null if
     * there was none. A channel that has gone no longer has its handlers, this connection has.
     */
    public <T extends ChannelHandler> @Nullable T codec(Class<T> type) {
        for (ChannelHandler handler : codec) {
            if (type.isInstance(handler)) {
                return type.cast(handler);
            }
        }
        return null;
    }

    /** Writes {@code count} bytes of {@code file} from {@code position} on (Linux: sendfile). */
    public void writeFile(Path file, long position, long count) throws IOException {
        writeFile(FileChannel.open(file, StandardOpenOption.READ), position, count);
    }

    /**
     * Writes {@code count} bytes of an open file from {@code position} on (Linux: sendfile), and
     * closes it when they are out, also if this fails. What the path leads to by then does not
     * matter.
     */
    public void writeFile(FileChannel file, long position, long count) throws IOException {
        if (isSecure()) {
            Files.copy(file, position, count, this);
        } else {
            write(region(file, position, count));
        }
    }

    private static FileRegion region(FileChannel file, long position, long count)
            throws IOException {
        try {
            return new DefaultFileRegion(file, position, count);
        } catch (IllegalArgumentException e) {
            file.close();
            throw e;
        }
    }

    /** Waits until everything written has been given to the kernel. */
    public void flush() throws IOException {
        if (loop.isCurrent()) {
            outbound.flush();
        } else {
            Passage.run(this, () -> outbound.flush());
        }
    }

    /**
     * Ends the output after what was written: the peer reads an end of stream; this side can still
     * read. Under TLS 1.2 the peer then has to end the other direction too (RFC 5246 section
     * 7.2.1).
     */
    public void shutdownOutput() throws IOException {
        if (loop.isCurrent()) {
            outbound.shutDown();
        } else {
            Passage.run(this, () -> outbound.shutDown());
        }
    }

    /**
     * Copies everything from here to {@code other} until the end, and says how many bytes that was.
     * Reads no faster than the other side takes.
     */
    public long transferTo(Connection other) throws IOException {
        long total = 0;
        for (ByteBuf buffer; (buffer = receive()) != null; ) {
            total += buffer.readableBytes();
            other.write(buffer);
        }
        other.flush();
        return total;
    }

    /**
     * Closes both ways. What was written before still goes out, as long as the peer takes some of
     * it every 30 s; this does not wait for it. Coroutines that are blocked here get a {@link
     * SocketException}. Does nothing the second time.
     *
     * <p>If the peer has sent what nobody has read, the kernel would throw away what it has yet to
     * send. So this side then sends its end only, and drops what comes until the peer ends its side
     * too, has sent nothing for 5 s, or has gone on sending for 30 s without taking any of the
     * output (RFC 9112 section 9.6; nginx: lingering_close, lingering_timeout, lingering_time).
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true; // at once, whatever thread asks; two that race do no harm on the loop
        Passage.post(
                loop,
                () -> {
                    inbound.close();
                    outbound.close(new SocketException(this + " is closed"));
                    closeCodec();
                });
    }

    /**
     * Has {@link #close()} take it that the peer goes on sending, also if nothing of it has come:
     * for protocols that know. On the connection's loop.
     */
    public void expectMore() {
        inbound.unread |= !inbound.ended;
    }

    /**
     * Lets go of everything at once: it came to nothing before anybody had it, and its channel may
     * not even be registered. On the connection's loop.
     */
    void discard() {
        closed = true;
        inbound.close();
        closeCodec();
        Channels.discard(loop, channel, LastRead::closePastAll);
    }

    void closeCodec() {
        for (ChannelHandler handler : codec) {
            if (handler instanceof AutoCloseable keeper) {
                try {
                    keeper.close();
                } catch (Exception e) {
                    LoggerFactory.getLogger(Connection.class)
                            .error("{} of {} cannot be closed", handler, this, e);
                }
            }
        }
    }

    /**
     * Closes at once: what was written and has not gone out is lost, which the peer sees by a reset
     * in place of an end.
     */
    public void abort() {
        close();
        if (loop.eventLoop().inEventLoop()) {
            outbound.abort();
        } else if (!loop.eventLoop().isShuttingDown()) {
            loop.eventLoop().execute(outbound::abort);
        }
    }

    /**
     * As {@link #abort()}, but by a reset also if everything has gone out: for a peer to which an
     * end would say that it has got all there was.
     */
    public void reset() {
        Passage.post(loop, outbound::resetAtTheClose);
        abort();
    }

    /**
     * What to give to {@link io.weft.Select} to wait for input: ready while a read would not wait,
     * be it for bytes or for the end.
     */
    public Selectable readable() {
        return new Side(this, true);
    }

    /**
     * What to give to {@link io.weft.Select} to wait for room: ready while a write would not wait,
     * be it that it would succeed or fail.
     */
    public Selectable writable() {
        return new Side(this, false);
    }

    /** Reads as a stream; closing it closes the connection. */
    public InputStream inputStream() {
        return new ConnectionInputStream(this);
    }

    /** Writes as a stream; closing it closes the connection. */
    public OutputStream outputStream() {
        return new ConnectionOutputStream(this);
    }

    /**
     * The limit on each wait of a read from now on; null or zero for none, which is the default.
     */
    public Connection readTimeout(@Nullable Duration timeout) {
        inbound.gate.limit(timeout);
        return this;
    }

    /**
     * The limit on each wait of a write from now on; null or zero for none, which is the default.
     * It begins anew whenever the peer has taken some of what was written: looked at once in that
     * time, so that a peer which stops is given up after one to two of it. With NIO and io_uring,
     * and over Unix sockets, what it takes shows when a third of the kernel's buffer is free.
     */
    public Connection writeTimeout(@Nullable Duration timeout) {
        outbound.gate().limit(timeout);
        return this;
    }

    /** Sets a socket option of Netty's, for example {@link ChannelOption#SO_KEEPALIVE}. */
    public <T> Connection option(ChannelOption<T> option, T value) {
        if (!channel.config().setOption(option, value)) {
            throw new IllegalArgumentException(option + " is not an option of " + this);
        }
        return this;
    }

    /** A socket option's value; null if the socket does not know it. */
    public <T> @Nullable T option(ChannelOption<T> option) {
        return channel.config().getOption(option);
    }

    /**
     * An {@link java.net.InetSocketAddress} or {@link java.net.UnixDomainSocketAddress}; null if it
     * is not known. Behind a trusted proxy that names it ({@link ProxyHeader}), the one that the
     * client has connected to.
     */
    public @Nullable SocketAddress localAddress() {
        ProxyHeader header = inbound.proxyHeader;
        SocketAddress announced = header == null ? null : header.server();
        return announced != null ? announced : Addresses.toJdk(channel.localAddress());
    }

    /** As {@link #localAddress()}, the other end's. */
    public @Nullable SocketAddress remoteAddress() {
        ProxyHeader header = inbound.proxyHeader;
        SocketAddress announced = header == null ? null : header.client();
        return announced != null ? announced : Addresses.toJdk(channel.remoteAddress());
    }

    /** Bytes that can be read without waiting. To be asked on the connection's loop. */
    public int available() {
        return inbound.available();
    }

    /**
     * Bytes that were written and the kernel has not taken yet, and after a failure never took. To
     * be asked on the connection's loop.
     */
    public long unsent() {
        return outbound.unsent();
    }

    /** Bytes that were written, in all. To be asked on the connection's loop. */
    public long written() {
        return outbound.written;
    }

    public boolean isOpen() {
        return channel.isOpen() && !closed;
    }

    /** Whether TLS protects it. */
    public boolean isSecure() {
        return tls() != null;
    }

    /** The session and what was agreed in the handshake; null without TLS. */
    public @Nullable SSLSession tlsSession() {
        SslHandler handler = tls();
        return handler == null ? null : handler.engine().getSession();
    }

    /** The protocol agreed by ALPN (RFC 7301); null if none was. */
    public @Nullable String applicationProtocol() {
        SslHandler handler = tls();
        return handler == null ? null : handler.applicationProtocol();
    }

    /** What protects it, also when the channel has gone; null without TLS. Any thread. */
    @Nullable SslHandler tls() {
        SslHandler agreed = inbound.tls;
        return agreed != null ? agreed : channel.pipeline().get(SslHandler.class);
    }

    public Loop loop() {
        return loop;
    }

    /** Netty's channel beneath, to be touched on the hub only. */
    public Channel channel() {
        return channel;
    }

    /**
     * On its own loop. Another thread may have closed it a moment ago, of which the halves have yet
     * to hear.
     */
    void checkNotClosed(String verb) throws IOException {
        if (closed) {
            throw DisconnectedException.of(verb, this, new SocketException(this + " is closed"));
        }
    }

    @Override
    public String toString() {
        return "connection "
                + Addresses.format(localAddress())
                + " - "
                + Printable.of(Addresses.format(remoteAddress())); // as a proxy may have said
    }
}
