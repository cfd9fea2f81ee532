package io.weft.sync;

/**
 * What was acquired, to be given back at the end of a block: {@code try (var _ = lock.hold())}.
 * Closed once.
 */
@FunctionalInterface
public interface Held extends AutoCloseable {
    @Override
    void close();
}
