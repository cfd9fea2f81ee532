package io.weft.http.demo;

import io.weft.Select;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;
import io.weft.sync.AsyncResult;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Long polling: what is posted to one path is told to all who wait at the other. Any thread. */
final class Messages {
    private static final int MOST_BYTES = 64 * 1024;
    private static final long WAIT_MILLIS = 30_000;
    private static final long MOST_MILLIS = 300_000;

    private final AtomicReference<AsyncResult<String>> next =
            new AtomicReference<>(new AsyncResult<>());

    private Messages() {}

    static void addTo(Router routes) {
        var messages = new Messages();
        routes.get("/poll", messages::poll);
        routes.post("/publish", messages::publish);
    }

    private void publish(Request request, Response response) throws Exception {
        String message = request.text(MOST_BYTES);
        next.getAndSet(new AsyncResult<>()).set(message);
        Json.send(response, Map.of("published", message));
    }

    private void poll(Request request, Response response) throws Exception {
        long millis =
                Parameters.millis(request.query("timeout"), "timeout", WAIT_MILLIS, MOST_MILLIS);
        response.endWithClient(); // nobody waits for who has gone
        AsyncResult<String> awaited = next.get();
        Select.any(List.of(awaited, request.stop()), Duration.ofMillis(millis));
        if (awaited.isDone()) {
            send(response, awaited.get());
        } else {
            response.status(204).send();
        }
    }

    private static void send(Response response, String message) throws IOException {
        response.send(message);
    }
}
