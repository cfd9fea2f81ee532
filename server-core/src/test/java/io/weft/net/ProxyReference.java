package io.weft.net;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What a PROXY header has to come to, written down as proxy-protocol.txt says it and in no other
 * way. It shares nothing with what it is held against.
 *
 * @param client null if the proxy does not say
 * @param server null if the proxy does not say
 * @param end where what follows the header begins
 */
record ProxyReference(@Nullable SocketAddress client, @Nullable SocketAddress server, int end) {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int HEAD = 16;
    private static final int MOST = 4096 + 232; // with its head, as much as is taken here
    private static final int SSL = 0x20;
    private static final int DEEPEST = 128;

    /** What {@code input} begins with; null if that is no header, or not all of one. */
    static @Nullable ProxyReference of(byte[] input) {
        boolean binary =
                input.length >= HEAD
                        && Arrays.equals(
                                input, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
        try {
            return binary ? binary(input) : line(input);
        } catch (IllegalArgumentException | UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable ProxyReference line(byte[] input) {
        String text =
                new String(input, 0, Math.min(input.length, 107), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        List<String> words = end < 0 ? List.of() : List.of(text.substring(0, end).split(" ", -1));
        if (words.size() < 2 || !words.getFirst().equals("PROXY")) {
            return null;
        }
        if (words.get(1).equals("UNKNOWN")) {
            return new ProxyReference(null, null, end + 2);
        }
        boolean four = words.get(1).equals("TCP4");
        if (words.size() != 6 || !(four || words.get(1).equals("TCP6"))) {
            return null;
        }
        return new ProxyReference(
                new InetSocketAddress(address(words.get(2), four), port(words.get(4))),
                new InetSocketAddress(address(words.get(3), four), port(words.get(5))),
                end + 2);
    }

    /** No leading zeros, as the JDK writes none, and four digits at most, as it reads more. */
    private static InetAddress address(String word, boolean four) {
        InetAddress address = InetAddress.ofLiteral(word);
        String dotted = four ? word : word.substring(word.lastIndexOf(':') + 1);
        boolean isPlain =
                word.matches("[0-9A-Fa-f:.]+")
                        && !word.matches(".*[0-9A-Fa-f]{5}.*")
                        && four == (word.indexOf(':') < 0);
        byte[] bytes = address.getAddress();
        boolean isMapped = bytes.length == 4;
        boolean isCanonical =
                dotted.indexOf('.') < 0
                        ? !four
                        : isMapped && InetAddress.ofLiteral(dotted).getHostAddress().equals(dotted);
        if (!isPlain || !isCanonical) {
            throw new IllegalArgumentException(word);
        }
        return address;
    }

    private static int port(String word) {
        int port = Integer.parseInt(word);
        if (port <= 0 || port > 65535 || !Integer.toString(port).equals(word)) {
            throw new IllegalArgumentException(word);
        }
        return port;
    }

    private static @Nullable ProxyReference binary(byte[] input) throws UnknownHostException {
        var bytes = ByteBuffer.wrap(input).position(SIGNATURE.length);
        int command = bytes.get();
        int family = bytes.get();
        int length = Short.toUnsignedInt(bytes.getShort());
        if (HEAD + length > Math.min(input.length, MOST) || (command & 0xfe) != 0x20) {
            return null;
        }
        if (command == 0x20 || family == 0) {
            return new ProxyReference(null, null, HEAD + length);
        }
        int address =
                switch (family) {
                    case 0x11 -> 4;
                    case 0x21 -> 16;
                    case 0x31 -> 108;
                    default -> throw new IllegalArgumentException("for streams: " + family);
                };
        int ports = address == 108 ? 0 : 4;
        if (length < 2 * address + ports) {
            return null;
        }
        var client = new byte[address];
        var server = new byte[address];
        bytes.limit(HEAD + length).get(client).get(server);
        int from = ports == 0 ? 0 : Short.toUnsignedInt(bytes.getShort());
        int to = ports == 0 ? 0 : Short.toUnsignedInt(bytes.getShort());
        return areExtensions(bytes, 0)
                ? new ProxyReference(socket(client, from), socket(server, to), HEAD + length)
                : null;
    }

    /** Fewer than four bytes are none. */
    private static boolean areExtensions(ByteBuffer bytes, int depth) {
        while (bytes.remaining() >= 4) {
            int type = bytes.get();
            int length = Short.toUnsignedInt(bytes.getShort());
            if (length > bytes.remaining() || depth > DEEPEST) {
                return false;
            }
            ByteBuffer value = bytes.slice(bytes.position(), length);
            if (type == SSL
                    && (length < 5 || !areExtensions(value.position(5).slice(), depth + 1))) {
                return false;
            }
            bytes.position(bytes.position() + length);
        }
        return true;
    }

    private static SocketAddress socket(byte[] address, int port) throws UnknownHostException {
        if (address.length <= 16) {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        }
        String path = new String(address, StandardCharsets.UTF_8);
        int end = path.indexOf('\0');
        try {
            return UnixDomainSocketAddress.of(end < 0 ? path : path.substring(0, end));
        } catch (InvalidPathException e) {
            return UnixDomainSocketAddress.of(""); // no name here
        }
    }
}
