package io.weft.http.websocket;

import java.nio.charset.StandardCharsets;

/** What one side sends the other, whole: text or bytes (RFC 6455 section 5.6). */
public sealed interface Message {
    /** Text. */
    record Text(String text) implements Message {
        @Override
        public byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isText() {
            return true;
        }
    }

    /** Bytes, which are not copied. */
    @SuppressWarnings("ArrayRecordComponent") // to be taken apart by a switch; never compared
    record Binary(byte[] bytes) implements Message {
        @Override
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public boolean isText() {
            return false;
        }

        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }

    /** The text; bytes are taken for UTF-8. */
    String text();

    /** The bytes; those of a text are its UTF-8. */
    byte[] bytes();

    boolean isText();
}
