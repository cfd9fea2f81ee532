package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Bytes that come back as they were sent. One message is on its way at a time. */
final class EchoDialogue implements Dialogue {
    /**
     * How much of a message is on its way at once. A server that echoes what it has read blocks
     * when nobody takes its echo; a client that would first write all of a large message would wait
     * for it for ever. Fits into the smallest socket buffers.
     */
    private static final int WINDOW = 64 * 1024;

    /**
     * How much of a larger message is read before more is written, so that the window is never
     * empty.
     */
    private static final int PIECE = WINDOW / 4;

    private final Link link;
    private final Message message;
    private final byte[] reply;
    private int length;
    private int sent;

    /**
     * @param size bytes of each message, 0 for "hello N" as it is
     */
    EchoDialogue(Link link, int size) {
        this.link = link;
        this.message = new Message(size);
        this.reply = new byte[message.bytes().length];
    }

    @Override
    public void connect() throws IOException {
        link.connect();
    }

    @Override
    public void send(long n) throws IOException {
        length = message.encode(n);
        sent = Math.min(WINDOW, length);
        link.write(message.bytes(), 0, sent);
    }

    @Override
    public @Nullable Fault receive(long n) throws IOException {
        int got = 0;
        while (got < length) {
            int room = Math.min(WINDOW - (sent - got), length - sent);
            if (room > 0) {
                link.write(message.bytes(), sent, room);
                sent += room;
            }
            int next = sent == length ? length - got : PIECE;
            link.readFully(reply, got, next);
            got += next;
        }
        String difference = message.difference(reply, length);
        return difference == null ? null : new Fault(ErrorKind.ECHO, difference);
    }

    @Override
    public long bytes() {
        return length;
    }

    @Override
    public String reply() {
        return Message.text(reply, length);
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public void release() {
        // there is nothing beside the link
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
