package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * A server's side of TLS, which shakes hands once: a client of TLS 1.2 that asks for a second
 * handshake would have the server compute for it as often as it likes (nginx too refuses that). TLS
 * 1.3 knows no such thing (RFC 8446 section 4.1.2). Told by the records' types, which are not
 * encrypted; so it holds for every engine that is given whole records. Loop-confined, on the hub.
 */
final class OneHandshake extends SslHandler {
    private static final int HANDSHAKE = 22; // RFC 5246 section 6.2.1

    OneHandshake(SSLEngine engine) {
        super(engine);
    }

    /** At the beginning of a record, be it whole or not. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws SSLException {
        if (in.isReadable()
                && in.getByte(in.readerIndex()) == HANDSHAKE
                && handshakeFuture().isSuccess()) {
            in.skipBytes(in.readableBytes());
            throw new SSLHandshakeException("a client shakes hands once, and not again");
        }
        super.decode(context, in, out);
    }
}
