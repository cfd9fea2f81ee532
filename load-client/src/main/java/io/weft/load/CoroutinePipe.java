package io.weft.load;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.weft.net.Connection;
import io.weft.net.Gate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;
import java.util.function.Supplier;

/** Handlers on a connection of Weft's: they run on the hub. Loop-confined. */
final class CoroutinePipe implements Pipe {
    private final Dial dial;
    private final Supplier<Handlers> handlers;
    private @Nullable Connection connection;
    private @Nullable Gate gate;

    CoroutinePipe(Dial dial, Supplier<Handlers> handlers) {
        this.dial = dial;
        this.handlers = handlers;
    }

    @Override
    public Inlet connect() throws IOException {
        Handlers made = handlers.get();
        Connection connected = dial.connect(each -> install(each, made));
        connection = connected;
        return made.inlet();
    }

    private void install(Connection made, Handlers all) {
        var wait = new Gate(made.loop(), "read", made);
        gate = wait;
        all.inlet().onNews(wait::open);
        made.codec(new EndOfTls());
        made.codec(all.codecs().toArray(ChannelHandler[]::new));
        made.codec(all.inlet());
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        connected().write(bytes);
    }

    @Override
    public void write(Object message, int bytes) throws IOException {
        Connection open;
        try {
            open = connected();
        } catch (IOException e) {
            ReferenceCountUtil.release(message);
            throw e;
        }
        open.writeMessage(message, bytes);
    }

    @Override
    public void await() throws IOException {
        Connection open = connected();
        if (gate != null) {
            gate.await(open.loop());
        }
    }

    @Override
    public void awaitOpening() throws IOException {
        Connection open = connected();
        if (gate != null) {
            gate.limit(dial.timeout());
            try {
                gate.await(open.loop());
            } finally {
                gate.limit(null);
            }
        }
    }

    private Connection connected() throws IOException {
        if (connection == null) {
            throw new SocketException("not connected");
        }
        return connection;
    }

    @Override
    public void release() {
        // Netty does, when the channel closes
    }

    /** The hub lets the handlers see all there is to see, whoever waits. */
    @Override
    public void pause(Clock clock, long time) throws InterruptedException {
        clock.sleepUntil(time);
    }

    @Override
    public void abort() {
        if (connection != null) {
            connection.abort();
        }
    }

    @Override
    public void close() {
        if (gate != null) {
            gate.cancel();
        }
        if (connection != null) {
            connection.close();
        }
    }

    /** To a decoder the end of TLS is what the end of the bytes is without it. */
    private static final class EndOfTls extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslCloseCompletionEvent) {
                context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
            context.fireUserEventTriggered(event);
        }
    }
}
