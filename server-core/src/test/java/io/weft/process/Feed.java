package io.weft.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A source whose reads hold their thread until the test gives them something. */
final class Feed extends InputStream {
    private static final Object END = new Object();

    final AtomicInteger reads = new AtomicInteger();
    final CountDownLatch closed = new CountDownLatch(1);
    private byte[] left = {};
    private final LinkedBlockingQueue<Object> given = new LinkedBlockingQueue<>();

    Feed give(String text) {
        given.add(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Feed fail(Exception failure) {
        given.add(failure);
        return this;
    }

    Feed end() {
        given.add(END);
        return this;
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("one byte at a time is slow");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        reads.incrementAndGet();
        Object next = left;
        try {
            if (left.length == 0) {
                next = given.take();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("a helper was interrupted", e);
        }
        return switch (next) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case byte[] text -> {
                int count = Math.min(length, text.length);
                System.arraycopy(text, 0, bytes, offset, count);
                left = Arrays.copyOfRange(text, count, text.length);
                yield count;
            }
            default -> {
                given.add(END);
                yield -1;
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public String toString() {
        return "feed";
    }
}
