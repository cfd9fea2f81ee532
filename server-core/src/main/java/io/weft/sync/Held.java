package io.weft.sync;

/**
 * What was acquired, to be given back at the end of a block: {@code try (var _ = lock.hold())}.
 * Closed once.
 *
 * <p>With a time, {@code hold} throws where {@code acquire} returns false: a block that nobody
 * looks into would else run without what it needs.
 */
@FunctionalInterface
public interface Held extends AutoCloseable {
    @Override
    void close();
}
