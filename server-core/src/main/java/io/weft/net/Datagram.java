package io.weft.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** A datagram that has come. Any thread. */
public final class Datagram {
    private final DatagramEndpoint endpoint;
    private final SocketAddress sender;
    private final byte[] bytes;

    Datagram(DatagramEndpoint endpoint, SocketAddress sender, byte[] bytes) {
        this.endpoint = endpoint;
        this.sender = sender;
        this.bytes = bytes;
    }

    /** What is in it; this object's own array. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    /** What is in it, read as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public SocketAddress sender() {
        return sender;
    }

    /** Where it came in. */
    public DatagramEndpoint endpoint() {
        return endpoint;
    }

    /** Sends {@code answer} to where this came from, as {@link DatagramEndpoint#send} does. */
    public void reply(byte[] answer) throws IOException {
        endpoint.send(answer, sender);
    }

    /** As {@link #reply(byte[])}, in UTF-8. */
    public void reply(String answer) throws IOException {
        reply(answer.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return bytes.length + " bytes from " + Addresses.format(sender);
    }
}
