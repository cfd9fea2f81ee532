package io.weft.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.function.Supplier;

/**
 * Handlers between a socket of java.net and its thread, which runs them. {@link #close()} is for
 * any thread: it closes the socket; the handlers go with their thread.
 */
final class SocketPipe implements Pipe {
    private static final int CHUNK = 16 * 1024; // as a TLS record
    private static final long MILLI = 1_000_000L;

    private final SocketLink link;
    private final Supplier<Handlers> handlers;
    private final byte[] chunk = new byte[CHUNK];
    private @Nullable EmbeddedChannel channel;
    private @Nullable Inlet inlet;

    SocketPipe(SocketLink link, Supplier<Handlers> handlers) {
        this.link = link;
        this.handlers = handlers;
    }

    @Override
    public Inlet connect() throws IOException {
        link.connect();
        Handlers made = handlers.get();
        var all = new ArrayList<ChannelHandler>(made.codecs());
        all.add(made.inlet());
        release();
        inlet = made.inlet();
        channel = new EmbeddedChannel(all.toArray(ChannelHandler[]::new));
        send();
        return made.inlet();
    }

    @Override
    public void release() {
        if (channel != null) {
            channel.finishAndReleaseAll();
            channel = null;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        link.write(bytes, 0, bytes.length);
    }

    @Override
    public void write(Object message, int bytes) throws IOException {
        connected().writeOutbound(message);
        send();
    }

    /** Sends what the handlers have written. */
    private void send() throws IOException {
        for (ByteBuf out; (out = connected().readOutbound()) != null; ) {
            try {
                var bytes = new byte[out.readableBytes()];
                out.readBytes(bytes);
                link.write(bytes, 0, bytes.length);
            } finally {
                out.release();
            }
        }
    }

    @Override
    public void await() throws IOException {
        int count;
        try {
            count = link.read(chunk);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            connected().pipeline().fireExceptionCaught(e); // what came before is still in there
            return;
        }
        if (count < 0) {
            connected().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            // copied: handlers may keep it until more has come
            connected().writeInbound(Unpooled.copiedBuffer(chunk, 0, count));
        }
        send();
    }

    @Override
    public void awaitOpening() throws IOException {
        link.limitReads();
        await();
        link.limitReads(0);
    }

    /** Reads meanwhile: nobody else would notice that the server closes, or answer its pings. */
    @Override
    public void pause(Clock clock, long time) throws IOException, InterruptedException {
        Inlet waits = inlet;
        while (waits != null && !waits.hasEnded()) {
            long millis = (time - clock.nanoTime()) / MILLI;
            if (millis <= 0) {
                break;
            }
            link.limitReads((int) Math.min(Integer.MAX_VALUE, millis));
            try {
                await();
            } catch (SocketTimeoutException e) {
                break;
            } finally {
                link.limitReads(0);
            }
        }
        clock.sleepUntil(time);
    }

    private EmbeddedChannel connected() throws IOException {
        if (channel == null) {
            throw new SocketException("not connected");
        }
        return channel;
    }

    @Override
    public void abort() {
        link.abort();
    }

    @Override
    public void close() {
        link.close();
    }
}
