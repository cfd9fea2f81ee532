package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;

/** A pool of connections to PostgreSQL. */
class HikariTest implements Trial {
    private static final int FEW = 5;

    private PostgresPeer peer;
    private HikariDataSource pool;

    @BeforeEach
    void startPeer() throws Exception {
        peer = new PostgresPeer();
        pool = pool(CALLS);
    }

    private HikariDataSource pool(int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(peer.url());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    @AfterEach
    void stopPeer() throws Exception {
        if (peer == null) return;
        pool.close();
        peer.close();
    }

    @Override
    public String library() {
        return "HikariCP over PostgreSQL";
    }

    @Override
    public String afterwards() {
        return "the same pool";
    }

    @Override
    public String call(int number) throws Exception {
        return call(pool, number);
    }

    private static String call(HikariDataSource pool, int number) throws Exception {
        try (var connection = pool.getConnection()) {
            return PostgresPeer.call(connection, number);
        }
    }

    @Override
    public void shut() throws Exception {
        peer.shut();
    }

    @Override
    public void open() throws Exception {
        peer.open();
    }

    @Override
    public int waiting() throws Exception {
        return peer.waiting();
    }

    @Test
    void fiftyTakeTurnsWithFewConnections() throws Exception {
        try (var few = pool(FEW)) {
            Weft.run(
                    () -> {
                        var calls = new ArrayList<Coroutine<String>>();
                        for (int i = 0; i < CALLS; i++) {
                            int number = i;
                            calls.add(Weft.spawn(() -> call(few, number)));
                        }
                        for (int i = 0; i < CALLS; i++) {
                            assertThat(calls.get(i).get()).isEqualTo("answer " + i);
                        }
                    });
        }
    }

    @Test
    void whoIsKilledWaitingForAConnectionTakesNone() throws Exception {
        try (var single = pool(1)) {
            Weft.run(
                    () -> {
                        Coroutine<String> waiter;
                        try (var taken = single.getConnection()) {
                            waiter = Weft.spawn(() -> call(single, 1));
                            while (single.getHikariPoolMXBean().getThreadsAwaitingConnection()
                                    == 0) {
                                Weft.yieldNow();
                            }
                            waiter.kill();
                            waiter.join();
                            assertThat(taken.isValid(0)).isTrue();
                        }
                        assertThat(waiter.state()).isEqualTo(Coroutine.State.KILLED);
                        assertThat(call(single, 2)).isEqualTo("answer 2");
                    });
        }
    }
}
