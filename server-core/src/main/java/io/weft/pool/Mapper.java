package io.weft.pool;

import org.jspecify.annotations.Nullable;

/** What is done with each item; it may block and throw. */
@FunctionalInterface
public interface Mapper<A extends @Nullable Object, R extends @Nullable Object> {
    R apply(A item) throws Exception;
}
