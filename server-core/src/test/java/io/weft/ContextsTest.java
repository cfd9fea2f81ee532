package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.pool.ThreadPool;
import io.weft.process.Subprocess;
import io.weft.server.DatagramServer;
import io.weft.server.StreamServer;
import io.weft.testing.ChildJvm;
import io.weft.testing.LogRecorder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

import java.io.File;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/** What registered propagators take along, and where. */
class ContextsTest {
    private final List<ContextPropagator> registered = new ArrayList<>();

    /** As the README has it. */
    private static final class MdcPropagator implements ContextPropagator {
        @Override
        public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
            Map<String, String> makers = MDC.getCopyOfContextMap();
            return () -> {
                Map<String, String> before = MDC.getCopyOfContextMap();
                set(makers);
                try {
                    return work.call();
                } finally {
                    set(before);
                }
            };
        }

        private static void set(@Nullable Map<String, String> map) {
            if (map == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(map);
            }
        }
    }

    /** Stands for OpenTelemetry's context: a scope that has to be closed. */
    private static final class Trace implements AutoCloseable {
        private static final ThreadLocal<Trace> CURRENT = new ThreadLocal<>();

        private final String id;
        private final @Nullable Trace before = CURRENT.get();

        Trace(@Nullable String id) {
            this.id = String.valueOf(id);
            CURRENT.set(this);
        }

        static @Nullable String currentId() {
            Trace current = CURRENT.get();
            return current == null ? null : current.id;
        }

        @Override
        public void close() {
            assertThat(CURRENT.get()).isSameAs(this);
            CURRENT.set(before);
        }

        /** {@code Context.current().wrap(work)}. */
        static <T extends @Nullable Object> Callable<T> wrapWork(Callable<T> work) {
            String id = currentId();
            return () -> {
                try (var _ = new Trace(id)) {
                    return work.call();
                }
            };
        }
    }

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private static <T extends @Nullable Object> Callable<T> wrapUser(Callable<T> work) {
        String user = USER.orElse("nobody");
        return () -> ScopedValue.where(USER, user).call(work::call);
    }

    private void register(ContextPropagator propagator) {
        registered.add(propagator);
        Contexts.register(propagator);
    }

    @AfterEach
    void unregister() {
        registered.forEach(Contexts::unregister);
        MDC.clear();
        Trace.CURRENT.remove();
    }

    private static String user() {
        return MDC.get("user") + " " + Trace.currentId();
    }

    private void beAnn() {
        MDC.put("user", "ann");
        var _ = new Trace("t1");
    }

    @Test
    void coroutinesHaveTheirMakersContext() throws Exception {
        register(new MdcPropagator());
        register(Trace::wrapWork);
        Weft.run(
                () -> {
                    beAnn();
                    var spawned = Weft.spawn(ContextsTest::user);
                    var later = Weft.spawnLater(Duration.ofMillis(1), ContextsTest::user);
                    var seen = new LinkedBlockingQueue<String>();
                    Weft.spawnRaw(() -> seen.add(user()));
                    var grandchild = Weft.spawn(() -> Weft.spawn(ContextsTest::user).get());
                    MDC.put("user", "bob");
                    assertThat(spawned.get()).isEqualTo("ann t1");
                    assertThat(later.get()).isEqualTo("ann t1");
                    assertThat(seen.take()).isEqualTo("ann t1");
                    assertThat(grandchild.get()).isEqualTo("ann t1");
                    try (var nursery = Nursery.open()) {
                        var child = nursery.spawn(ContextsTest::user);
                        nursery.join();
                        assertThat(child.get()).isEqualTo("bob t1");
                    }
                    assertThat(user()).isEqualTo("bob t1");
                });
    }

    @Test
    void contextGoesAcrossLoopsAndFromPlainThreads() throws Exception {
        register(new MdcPropagator());
        register(Trace::wrapWork);
        beAnn();
        try (var group = LoopGroup.create(2)) {
            Loop other = group.loops().get(1);
            assertThat(
                            group.loops()
                                    .get(0)
                                    .call(() -> user() + ", " + other.call(ContextsTest::user)))
                    .isEqualTo("ann t1, ann t1");
            assertThat(other.spawnDetached(null, ContextsTest::user).get()).isEqualTo("null null");
        }
    }

    /** A thread is the next one's afterwards. */
    @Test
    void workOfAThreadPoolHasItsGiversContext() throws Exception {
        register(new MdcPropagator());
        register(Trace::wrapWork);
        try (var pool = new ThreadPool(1)) {
            Weft.run(
                    () -> {
                        var bob =
                                Weft.spawn(
                                        () -> {
                                            MDC.put("user", "bob");
                                            String seen = pool.apply(ContextsTest::user);
                                            return seen + ", " + pool.map(List.of(1), _ -> user());
                                        });
                        beAnn();
                        assertThat(pool.<String>apply(ContextsTest::user)).isEqualTo("ann t1");
                        assertThat(bob.get()).isEqualTo("bob null, [bob null]");
                    });
            assertThat(pool.<String>apply(ContextsTest::user)).isEqualTo("null null");
        }
    }

    @Test
    void scopedValuesCanBeTakenAlong() throws Exception {
        register(ContextsTest::wrapUser);
        Weft.run(
                () -> {
                    Callable<String> look = () -> Weft.spawn(USER::get).get();
                    assertThat(ScopedValue.where(USER, "ann").call(look::call)).isEqualTo("ann");
                    assertThat(look.call()).isEqualTo("nobody");
                });
    }

    @Test
    void handlersOfServersHaveNobodysContext() throws Exception {
        register(new MdcPropagator());
        register(Trace::wrapWork);
        beAnn();
        try (var server = StreamServer.bind("127.0.0.1:0", connection -> connection.write(user()));
                var socket = new Socket("127.0.0.1", port(server.address()))) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("null null");
        }
        var seen = new LinkedBlockingQueue<String>();
        try (var server = DatagramServer.bind("127.0.0.1:0", _ -> seen.add(user()))) {
            server.endpoint().send("to itself", server.address());
            assertThat(seen.take()).isEqualTo("null null");
        }
    }

    private static int port(@Nullable Object address) {
        assertThat(address).isInstanceOf(InetSocketAddress.class);
        return ((InetSocketAddress) address).getPort();
    }

    @Test
    void whatIsReportedOfACoroutineHasItsContext() throws Exception {
        register(new MdcPropagator());
        try (var log = LogRecorder.of(Coroutine.class)) {
            MDC.put("user", "ann");
            Weft.run(
                    () -> {
                        var failed =
                                Weft.spawn(
                                        () -> {
                                            throw new IllegalStateException("no");
                                        });
                        failed.join();
                    });
            assertThat(log.awaitMessages(1)).hasSize(1);
            assertThat(log.lastContext()).containsEntry("user", "ann");
        }
    }

    @Test
    void nothingIsTakenAlongUnasked() throws Exception {
        Callable<Integer> work = () -> 1;
        assertThat(Contexts.wrap(work)).isSameAs(work);
        var propagator = new MdcPropagator();
        Contexts.register(propagator);
        assertThat(Contexts.wrap(work)).isNotSameAs(work);
        Contexts.unregister(propagator);
        assertThat(Contexts.wrap(work)).isSameAs(work);
    }

    private static final class Fails implements ContextPropagator {
        @Override
        public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
            throw new IllegalStateException("cannot take it along");
        }
    }

    @Test
    void propagatorThatFailsIsReportedAndHarmsNobody() throws Exception {
        register(new MdcPropagator());
        register(new Fails());
        MDC.put("user", "ann");
        try (var log = LogRecorder.of(Contexts.class)) {
            assertThat(Weft.<String>run(() -> MDC.get("user"))).isEqualTo("ann");
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("a ContextPropagator", "cannot take it along");
        }
    }

    private static <T extends @Nullable Object> Callable<T> throwing(Callable<T> work) {
        return () -> {
            throw new IllegalStateException("cannot begin");
        };
    }

    @SuppressWarnings("NullAway") // it breaks its contract
    private static <T extends @Nullable Object> Callable<T> forgetting(Callable<T> work) {
        return () -> null;
    }

    /** Nobody waits for ever for who was never let run. */
    @Test
    void propagatorThatDoesNotCallItsWorkFailsTheCoroutine() throws Exception {
        try (var _ = LogRecorder.of(Coroutine.class)) {
            Weft.run(
                    () -> {
                        register(ContextsTest::throwing);
                        var linked = new LinkedBlockingQueue<Coroutine<?>>();
                        var thrown = Weft.spawn(() -> 1);
                        thrown.link(linked::add);
                        unregister();
                        register(ContextsTest::forgetting);
                        var forgotten = Weft.spawn(() -> 1);
                        assertThatThrownBy(thrown::get)
                                .isInstanceOf(ExecutionException.class)
                                .hasRootCauseMessage("cannot begin");
                        assertThat(linked.take()).isSameAs(thrown);
                        assertThatThrownBy(forgotten::get)
                                .isInstanceOf(ExecutionException.class)
                                .hasRootCauseMessage("a ContextPropagator has not called its work");
                    });
        }
    }

    /** Its context is that of who makes the request, by way of a service of the class path. */
    @Test
    void propagatorsOfTheClassPathAreFound(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(ContextPropagator.class.getName()),
                "no.such.Propagator\n" + Found.class.getName() + "\n");
        var command = new ArrayList<>(ChildJvm.command(Program.class));
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, folder + File.pathSeparator + command.get(classPath));
        assertThat(Subprocess.checkOutput(command.toArray(String[]::new))).endsWith("ann null\n");
    }

    /** For the test above. */
    public static final class Found implements ContextPropagator {
        private final MdcPropagator mdc = new MdcPropagator();

        @Override
        public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
            return mdc.wrap(work);
        }
    }

    static final class Program {
        public static void main(String[] arguments) throws Exception {
            MDC.put("user", "ann");
            System.out.println(Weft.<String>run(ContextsTest::user));
        }
    }
}
