package io.weft.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.LoopGroup;
import io.weft.LoopLocal;
import io.weft.net.Connector;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What is selected from is asked on its loop, which may be about to end. */
class IncomingTest {
    /** Its hub takes nothing any more, and the loop has not ended yet. */
    @Test
    void isReadyWhileItsLoopEnds() throws Exception {
        var hubHasEnded = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var last =
                new LoopLocal<AutoCloseable>(
                        _ ->
                                () -> {
                                    hubHasEnded.countDown();
                                    mayEnd.await();
                                });
        try (var group = LoopGroup.create(1);
                var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var loop = group.next();
            var inbox =
                    loop.call(
                            () -> {
                                last.get(loop);
                                var address = listener.getLocalSocketAddress();
                                return new FrameInbox(new Connector().connect(address), 100);
                            });
            group.shutDown(Duration.ZERO);
            hubHasEnded.await();
            try {
                var told = new CountDownLatch(1);
                var incoming = new Incoming(loop, inbox);
                incoming.watch(told::countDown);
                assertThat(told.getCount()).isZero();
                incoming.unwatch(told::countDown);
            } finally {
                mayEnd.countDown();
            }
        }
    }
}
