package io.weft.libraries;

import io.weft.pool.ThreadPool;

import org.junit.jupiter.api.AfterEach;

/** RabbitMQ's client on threads, so that a kill or limit ends the wait for it. */
final class RabbitMqPooledTest extends RabbitMqTrial {
    private interface Calls {
        String call(int number) throws Exception;
    }

    private final ThreadPool threads = new ThreadPool(CALLS);
    private final Calls calls = threads.wrap(Calls.class, number -> super.call(number));

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    @Override
    public String library() {
        return "RabbitMQ by `ThreadPool.wrap`";
    }

    @Override
    public String call(int number) throws Exception {
        return calls.call(number);
    }
}
