package io.weft;

/** A body without a value; what it throws fails its coroutine. */
@FunctionalInterface
public interface Action {
    void run() throws Exception;
}
