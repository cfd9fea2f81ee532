package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;

import org.h2.Driver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

/** Objects whose calls are made on threads. */
class ThreadPoolWrapTest {
    /** What libraries have, in all kinds of declaring. */
    private interface Library {
        Thread thread();

        int add(int a, int b) throws IOException;

        void fail(Throwable failure) throws Throwable;

        void failUnchecked(RuntimeException failure);

        void waitDeclared() throws InterruptedException;

        void waitForInput() throws IOException;

        void waitSilently();

        default String greeting() {
            return "hello";
        }

        Library self(Library given);
    }

    private static final class Native implements Library {
        final CountDownLatch interrupted = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);

        @Override
        public Thread thread() {
            return Thread.currentThread();
        }

        @Override
        public int add(int a, int b) throws IOException {
            if (a < 0) {
                throw new FileNotFoundException("no such number");
            }
            return a + b;
        }

        @Override
        public void fail(Throwable failure) throws Throwable {
            throw failure;
        }

        @Override
        public void failUnchecked(RuntimeException failure) {
            throw failure;
        }

        @Override
        public void waitDeclared() {
            waitSilently();
        }

        @Override
        public void waitForInput() {
            waitSilently();
        }

        @Override
        public void waitSilently() {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }

        @Override
        public Library self(Library given) {
            return given == this ? this : new Native();
        }
    }

    private final ThreadPool pool = new ThreadPool(2);
    private final Native target = new Native();
    private final Library wrapped = pool.wrap(Library.class, target);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void callsAreMadeOnThreadsOfThePool() throws Exception {
        assertThat(Weft.run(() -> wrapped.thread())).matches(thread -> !thread.isVirtual());
        assertThat(wrapped.thread().getName()).startsWith("weft-threads-");
        assertThat(wrapped.add(2, 3)).isEqualTo(5);
        assertThat(wrapped.greeting()).isEqualTo("hello");
        assertThat(pool.apply(() -> wrapped.thread() == Thread.currentThread())).isTrue();
    }

    @Test
    void exceptionsAreTheTargetsOwn() throws Exception {
        Weft.run(
                () -> {
                    assertThatThrownBy(() -> wrapped.add(-1, 0))
                            .isInstanceOf(FileNotFoundException.class)
                            .hasMessage("no such number");
                    for (var failure :
                            new Throwable[] {
                                new SQLException("checked"),
                                new AssertionError("an error"),
                                new InterruptedException("its own"),
                                new Throwable("bare")
                            }) {
                        assertThatThrownBy(() -> wrapped.fail(failure)).isSameAs(failure);
                    }
                    var unchecked = new IllegalStateException("unchecked");
                    assertThatThrownBy(() -> wrapped.failUnchecked(unchecked)).isSameAs(unchecked);
                });
    }

    @Test
    void killIsThrownAsTheMethodDeclaresIt() throws Exception {
        assertKilled(Library::waitDeclared, InterruptedException.class);
    }

    @Test
    void killOfWhatReadsIsAnInterruptedIo() throws Exception {
        assertKilled(Library::waitForInput, InterruptedIOException.class);
    }

    @Test
    void killOfWhatDeclaresNothingIsACancellation() throws Exception {
        assertKilled(Library::waitSilently, CancellationException.class);
    }

    private interface Call {
        void on(Library library) throws Exception;
    }

    private void assertKilled(Call call, Class<? extends Exception> type) throws Exception {
        Weft.run(
                () -> {
                    var caller = Weft.spawn(() -> call.on(wrapped));
                    target.begun.await();
                    caller.kill();
                    caller.join();
                    assertThat(caller.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(caller.exception()).isInstanceOf(type);
                    target.interrupted.await();
                    assertThat(wrapped.add(1, 1)).isEqualTo(2);
                });
    }

    @Test
    void limitOfACallIsTheLimits() throws Exception {
        Weft.run(
                () ->
                        assertThatThrownBy(
                                        () ->
                                                Timeout.call(
                                                        Duration.ofMillis(5),
                                                        () -> {
                                                            wrapped.waitSilently();
                                                            return "";
                                                        }))
                                .isInstanceOf(Timeout.Expired.class));
        await().atMost(Duration.ofSeconds(30)).until(() -> pool.threadStatistics().working() == 0);
    }

    @Test
    void objectsAreTheSameIfTheirTargetIs() {
        Library again = pool.wrap(Library.class, target);
        assertThat(again).isEqualTo(wrapped).hasSameHashCodeAs(wrapped).isNotEqualTo(target);
        assertThat(pool.wrap(Library.class, new Native())).isNotEqualTo(wrapped);
        assertThat(wrapped.equals(null)).isFalse();
        assertThat(wrapped.toString()).contains("Native@").contains("ThreadPool of 2 places");
        assertThat(pool.threadCount()).isZero();
    }

    @Test
    void wrappedArgumentsAreUnwrapped() {
        assertThat(wrapped.self(wrapped)).isSameAs(target);
    }

    @Test
    void resultsOfTheSamePackageAreWrappedWhenAskedFor() throws Exception {
        Library deep = pool.wrapDeeply(Library.class, target);
        assertThat(deep.self(deep)).isEqualTo(deep).isNotSameAs(target);
        assertThat(deep.self(null).thread().getName()).startsWith("weft-threads-");
    }

    @Test
    void aClassIsRefused() {
        assertThatThrownBy(() -> pool.wrap(Native.class, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an interface");
    }

    @Test
    void closedPoolSaysSo() {
        pool.close();
        assertThatThrownBy(wrapped::thread)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void interfacesOfTheJdkCanBeWrapped() {
        @SuppressWarnings("unchecked")
        Map<String, Integer> map = pool.wrap(Map.class, new java.util.HashMap<String, Integer>());
        assertThat(map.put("one", 1)).isNull();
        assertThat(map.get("one")).isEqualTo(1);
    }

    /** The embedded database works on its caller's thread, and locks natively what it has to. */
    @Test
    void databaseWorksOnThreads() throws Exception {
        var driver = pool.wrapDeeply(java.sql.Driver.class, new Driver());
        Weft.run(
                () -> {
                    String url = "jdbc:h2:mem:wrapped;LOCK_TIMEOUT=60000";
                    try (Connection one = driver.connect(url, new Properties());
                            Connection other = driver.connect(url, new Properties())) {
                        update(one, "create table account (id int primary key, amount int)");
                        update(one, "insert into account values (1, 100)");
                        one.setAutoCommit(false);
                        update(one, "update account set amount = 50 where id = 1");
                        var waiter =
                                Weft.spawn(
                                        () ->
                                                update(
                                                        other,
                                                        "update account set amount = amount - 1"));
                        for (int i = 0; i < 10; i++) {
                            Weft.yieldNow();
                        }
                        assertThat(waiter.isDone()).isFalse();
                        one.commit();
                        waiter.get();
                        try (Statement statement = one.createStatement();
                                var rows = statement.executeQuery("select amount from account")) {
                            assertThat(rows.next()).isTrue();
                            assertThat(rows.getInt(1)).isEqualTo(49);
                            assertThat(statement.getConnection()).isEqualTo(one);
                        }
                        assertThatThrownBy(() -> update(one, "nonsense"))
                                .isInstanceOf(SQLException.class);
                    }
                });
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
