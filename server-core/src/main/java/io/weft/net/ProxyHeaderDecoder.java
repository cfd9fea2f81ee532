package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Netty's decoder, and stricter still about version 1, as two readers of one line are not to see
 * two clients in it (proxy-protocol.txt section 2.1): one blank between words and none behind them,
 * numbers without a sign or a leading zero, addresses without brackets and zones, and 107 bytes at
 * most however they come. What can be no header is refused as soon as it shows. Loop-confined, on
 * the hub.
 */
final class ProxyHeaderDecoder extends HAProxyMessageDecoder {
    private static final int LONGEST_LINE = 107; // with its end

    private static final String BYTE = "(?:0|[1-9][0-9]{0,2})";
    private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";
    private static final String IPV6 =
            "(?:[0-9A-Fa-f]*:)+(?:[0-9A-Fa-f]*|(?<=:[Ff]{4}:)" + IPV4 + ")";
    private static final String PORTS = "(?: (?:0|[1-9][0-9]{0,4})){2}";

    /** Which addresses and ports there are is left to Netty. */
    private static final Pattern LINE =
            Pattern.compile(
                    "PROXY (?:UNKNOWN(?: .*)?"
                            + ("|TCP4(?: " + IPV4 + "){2}" + PORTS)
                            + ("|TCP6(?: " + IPV6 + "){2}" + PORTS + ")"),
                    Pattern.DOTALL);

    /** A decoder for one connection, whose header has so many bytes of extensions at most. */
    ProxyHeaderDecoder(int extensions) {
        super(extensions);
    }

    @Override
    protected void callDecode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (detectProtocol(in).state()) {
            case NEEDS_MORE_DATA -> {}
            case INVALID -> throw refused(in, "expected the beginning of one, but got ");
            case DETECTED -> {
                if (detectProtocol(in).detectedProtocol() == HAProxyProtocolVersion.V2) {
                    decodeBinary(context, in, out);
                } else if (hasLine(in)) {
                    super.callDecode(context, in, out);
                }
            }
        }
    }

    private void decodeBinary(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            super.callDecode(context, in, out);
        } catch (DecoderException e) {
            if (e.getCause() instanceof IndexOutOfBoundsException) {
                throw new HAProxyProtocolException("an extension is longer than its header");
            }
            throw e;
        }
    }

    /** Whether all of the line has come; throws if it is none, or too long. */
    private static boolean hasLine(ByteBuf in) {
        int most = Math.min(in.readableBytes(), LONGEST_LINE);
        String text = in.toString(in.readerIndex(), most, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        if (end < 0 && most < LONGEST_LINE) {
            return false;
        }
        if (end < 0 || !LINE.matcher(text.substring(0, end)).matches()) {
            throw refused(in, "expected a line of version 1, but got ");
        }
        return true;
    }

    /** Nothing of the input is looked at again. */
    private static HAProxyProtocolException refused(ByteBuf in, String expected) {
        int most = Math.min(in.readableBytes(), LONGEST_LINE);
        String came = in.readCharSequence(most, StandardCharsets.ISO_8859_1).toString();
        in.skipBytes(in.readableBytes());
        return new HAProxyProtocolException(expected + '\'' + came + '\'');
    }
}
