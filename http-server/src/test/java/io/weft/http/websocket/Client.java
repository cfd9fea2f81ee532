package io.weft.http.websocket;

import io.weft.http.testing.Site;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The client's end of a WebSocket, byte by byte (RFC 6455 section 5.2). Not thread-safe. */
final class Client implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    static final int RSV2 = 0x20;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d}; // of section 5.7
    private static final int SMALL_BUFFER = 16 * 1024;

    /** What the server sent: the first byte and the payload. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 15;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a close frame; 0 if it has none. */
        int code() {
            return payload.length < 2 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }

        String reason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;

    Client(int port) throws IOException {
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Host.PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Asks as section 1.3 does, with more headers, and returns the head of the answer. */
    String handshake(String... headers) throws IOException {
        ask(headers);
        return answer();
    }

    void ask(String... headers) throws IOException {
        raw(
                head(
                        "GET /chat HTTP/1.1",
                        "Host: server.example.com",
                        "Upgrade: websocket",
                        "Connection: keep-alive, Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13",
                        String.join("\r\n", headers)));
    }

    String request(String... lines) throws IOException {
        raw(head(lines));
        return answer();
    }

    static byte[] head(String... lines) {
        String text = String.join("\r\n", lines).stripTrailing() + "\r\n\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    String answer() throws IOException {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the connection ended after: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void text(String text) throws IOException {
        frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void binary(byte[] bytes) throws IOException {
        frame(FIN | BINARY, bytes);
    }

    void close(int code, String reason) throws IOException {
        frame(FIN | CLOSE, closing(code, reason));
    }

    static byte[] closing(int code, String reason) throws IOException {
        var payload = new ByteArrayOutputStream();
        payload.write(code >>> 8);
        payload.write(code);
        payload.write(reason.getBytes(StandardCharsets.UTF_8));
        return payload.toByteArray();
    }

    void frame(int first, byte[] payload) throws IOException {
        raw(masked(first, payload));
    }

    static byte[] masked(int first, byte[] payload) throws IOException {
        var bytes = new ByteArrayOutputStream(payload.length + 14);
        var data = new DataOutputStream(bytes);
        data.writeByte(first);
        if (payload.length < 126) {
            data.writeByte(0x80 | payload.length);
        } else if (payload.length < 65536) {
            data.writeByte(0x80 | 126);
            data.writeShort(payload.length);
        } else {
            data.writeByte(0x80 | 127);
            data.writeLong(payload.length);
        }
        data.write(MASK);
        var scrambled = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            scrambled[i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        data.write(scrambled);
        return bytes.toByteArray();
    }

    /** The server's next frame. */
    Frame next() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if (second >= 0x80) {
            throw new AssertionError("expected an unmasked frame from the server");
        }
        long length =
                switch (second) {
                    case 126 -> in.readUnsignedShort();
                    case 127 -> in.readLong();
                    default -> second;
                };
        var payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        return new Frame(first, payload);
    }

    /** The text of the server's next frame, which is one. */
    String nextText() throws IOException {
        Frame frame = next();
        if (frame.first != (FIN | TEXT)) {
            throw new AssertionError("expected text, but got " + frame.first + frame.text());
        }
        return frame.text();
    }

    /** The code of the server's next frame, which is its close, and after which nothing comes. */
    int nextClose() throws IOException {
        Frame frame = next();
        if (frame.first != (FIN | CLOSE)) {
            throw new AssertionError("expected a close, but got " + frame.first + frame.text());
        }
        return frame.code();
    }

    boolean isAtTheEnd() throws IOException {
        return in.read() < 0;
    }

    /** Closes by RST: what is on its way is lost. */
    void reset() throws IOException {
        Site.reset(socket);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
