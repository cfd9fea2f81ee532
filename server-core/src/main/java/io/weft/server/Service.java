package io.weft.server;

import io.weft.Coroutine;
import io.weft.FailureLog;
import io.weft.Loop;
import io.weft.Printable;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.Objects;

/**
 * The coroutine of a server's connection. A class of its own rather than a function given to one:
 * the fewer frames stand below a handler that waits, the less memory its connection costs.
 */
final class Service extends Coroutine<@Nullable Void> {
    private final StreamServer server;
    @Nullable Connection connection; // from its start on

    Service(StreamServer server, Loop loop) {
        super(loop, "connection");
        this.server = server;
    }

    @Override
    protected @Nullable Void run() throws Exception {
        Thread.currentThread().setContextClassLoader(server.classes);
        Connection own = Objects.requireNonNull(connection);
        try (own) {
            if (server.hasPrologue() && !server.prologues.pass(own, server.tls != null)) {
                return null;
            }
            server.handler.handle(own);
        } catch (Exception e) {
            if (Coroutine.isKill(e)) {
                throw e; // which its coroutine expects
            }
            report(own, e);
        } finally {
            server.connections.ended(own);
        }
        return null;
    }

    /** That its peer has gone is no news; that another connection of the handler's was cut is. */
    private static void report(Connection connection, Exception e) {
        var log = LoggerFactory.getLogger(StreamServer.class);
        if (DisconnectedException.isBehind(e, connection)) {
            log.debug("{}", Printable.of(e.getMessage()));
        } else {
            FailureLog.error(log, "the handler of " + connection, e);
        }
    }
}
