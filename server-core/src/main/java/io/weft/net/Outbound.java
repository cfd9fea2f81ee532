package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import io.weft.Loop;

import java.io.IOException;

/**
 * The outbound half of a connection, as coroutines see it: the writes. They gather output here and
 * leave it to {@link Outlet}, which the hub runs when they block. More than the high-water mark,
 * here and in Netty, parks the writer. Loop-confined, in coroutines.
 */
final class Outbound extends Outlet {
    /** A write larger than this goes on in pieces of this size. */
    private static final int PIECE = 64 * 1024;

    private boolean writerWaits;

    Outbound(Connection connection, Channel channel, Loop loop, LoopBuffers buffers) {
        super(connection, channel, loop, buffers);
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            awaitRoom();
            int count = length - done;
            ByteBuf buffer = staging;
            if (buffer != null && buffer.isWritable()) {
                count = Math.min(count, buffer.writableBytes());
            } else {
                stagingToQueue();
                if (count <= buffers.stagingBytes) {
                    staging = buffer = buffers.takeStaging();
                } else {
                    count = Math.min(count, PIECE);
                    buffer = buffers.allocate(count);
                    enqueue(buffer);
                }
            }
            buffer.writeBytes(bytes, offset + done, count);
            added(count);
            done += count;
        }
    }

    /** Takes over {@code buffer}, also if it fails. */
    void write(ByteBuf buffer) throws IOException {
        try {
            while (buffer.readableBytes() > PIECE) {
                add(buffer.readRetainedSlice(PIECE), PIECE); // Netty copies what lies in an array
            }
        } catch (Throwable e) {
            buffer.release();
            throw e;
        }
        add(buffer, buffer.readableBytes());
    }

    /** Takes over {@code region}, also if it fails. */
    void write(FileRegion region) throws IOException {
        add(region, region.count());
    }

    /** As the others, for what a handler of the pipeline will encode. */
    void write(Object message, long bytes) throws IOException {
        add(message, bytes);
    }

    private void add(Object message, long bytes) throws IOException {
        try {
            awaitRoom();
        } catch (Throwable e) {
            ReferenceCountUtil.release(message);
            throw e;
        }
        stagingToQueue();
        enqueue(message);
        added(bytes);
    }

    private void added(long bytes) {
        queued += bytes;
        written += bytes;
        loop.onHub(this);
    }

    private void awaitRoom() throws IOException {
        checkWritable();
        if (writerWaits) {
            gate().await(loop); // tells the second writer that there is a first, amid its bytes
        }
        while (isFull()) {
            writerWaits = true;
            try {
                gate().await(loop);
            } finally {
                writerWaits = false;
            }
            checkWritable();
        }
    }

    private void checkWritable() throws IOException {
        connection.checkNotClosed("write");
        if (failure != null) {
            throw DisconnectedException.of("write", connection, failure);
        }
        if (refusal != null) {
            throw DisconnectedException.of("write", connection, refusal);
        }
        if (shutDown) {
            throw new IOException(
                    "the output of " + connection + " was shut down before this write");
        }
    }

    /** Waits until everything written has been given to the kernel. */
    void flush() throws IOException {
        connection.checkNotClosed("write");
        while (!isDrained()) {
            if (failure != null) {
                throw DisconnectedException.of("write", connection, failure);
            }
            flushing = true;
            loop.onHub(this);
            try {
                gate().await(loop);
            } finally {
                flushing = false;
            }
        }
        if (failure != null) {
            throw DisconnectedException.of("write", connection, failure);
        }
    }

    void shutDown() throws IOException {
        checkWritable();
        shutDown = true;
        loop.onHub(this);
    }
}
