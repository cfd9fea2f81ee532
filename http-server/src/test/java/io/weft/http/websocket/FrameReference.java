package io.weft.http.websocket;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What a client's frames have to come to, written down as RFC 6455 section 5 says it and in no
 * other way, up to the first that is none. It shares nothing with what it is held against.
 */
final class FrameReference {
    private static final int MOST = 1_000;
    private static final int CLOSE = 8;

    private final ByteBuffer input;
    private final StringBuilder text = new StringBuilder();
    private boolean fragmented; // a message is being sent in parts

    private FrameReference(byte[] input) {
        this.input = ByteBuffer.wrap(input);
    }

    /** The frames, a line each; behind a close there are none. */
    static String of(byte[] input) {
        var reference = new FrameReference(input);
        while (reference.next()) {}
        return reference.text.toString();
    }

    private boolean next() {
        if (input.remaining() < 2) {
            return false;
        }
        int first = input.get();
        int second = input.get();
        boolean last = first < 0;
        int opcode = first & 15;
        boolean control = opcode >= 8;
        boolean allowed =
                (first & 0x70) == 0
                        && second < 0
                        && (control
                                ? opcode <= 10 && last && (second & 0x7f) <= 125
                                : opcode <= 2 && fragmented == (opcode == 0));
        int length = allowed ? length(second & 0x7f) : -1;
        if (length < 0 || input.remaining() < 4 + length) {
            return false;
        }
        var key = new byte[4];
        var payload = new byte[length];
        input.get(key).get(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= key[i & 3];
        }
        if (opcode == CLOSE && !isClose(payload)) {
            return false;
        }
        fragmented = control ? fragmented : !last;
        text.append(opcode).append(last).append(' ');
        text.append(new String(payload, StandardCharsets.ISO_8859_1)).append('\n');
        return opcode != CLOSE;
    }

    /** In as few bytes as it can be; -1 if not, if it is too much, or not all there. */
    private int length(int code) {
        if (code <= 125) {
            return code;
        }
        int bytes = code == 126 ? 2 : 8;
        if (input.remaining() < bytes) {
            return -1;
        }
        long length = bytes == 2 ? Short.toUnsignedLong(input.getShort()) : input.getLong();
        return length >= (bytes == 2 ? 126 : 65_536) && length <= MOST ? (int) length : -1;
    }

    private static boolean isClose(byte[] payload) {
        if (payload.length < 2) {
            return payload.length == 0;
        }
        var bytes = ByteBuffer.wrap(payload);
        int code = Short.toUnsignedInt(bytes.getShort());
        boolean defined = code >= 1000 && code <= 1014 && (code <= 1003 || code >= 1007);
        return (defined || code >= 3000) && utf8(bytes) != null; // from 5000 on nothing is said
    }

    private static @Nullable String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
