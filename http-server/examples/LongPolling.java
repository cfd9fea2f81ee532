import io.weft.LoopGroup;
import io.weft.Select;
import io.weft.http.Router;
import io.weft.http.server.HttpServer;
import io.weft.net.Addresses;
import io.weft.queue.Queue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A queue per client. {@code GET /poll/ann} waits until there is a message for ann, or answers 204 after a while, or when
 * the server stops; {@code curl -d hello localhost:8000/send/ann} leaves one. On one loop, so the queues are in a plain map without a lock.
 */
public class LongPolling {
    private static final int MOST_CLIENTS = 10_000;
    private static final int MESSAGES_WAITING = 100;
    private static final int LARGEST_MESSAGE = 10_000;

    private final Map<String, Queue<String>> inboxes = new HashMap<>();

    public static void main(String[] args) throws Exception {
        var polling = new LongPolling();
        String address = args.length > 0 ? args[0] : "127.0.0.1:8000";
        var wait = Duration.ofMillis(args.length > 1 ? Long.parseLong(args[1]) : 30_000);
        try (var loop = LoopGroup.create(1);
                var server = HttpServer.builder(polling.routes(wait)).listen(address).group(loop).bind()) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }

    private Router routes(Duration wait) {
        return new Router()
                .get("/poll/{client}", (request, response) -> {
                    var inbox = inbox(request.pathParameter("client"));
                    if (inbox == null) {
                        response.status(503).send("too many clients\n");
                        return;
                    }
                    response.endWithClient(); // or the message would go to one who has gone
                    Select.any(List.of(inbox, request.stop()), wait);
                    String message = inbox.tryGet();
                    if (message == null) {
                        response.status(204).send();
                    } else {
                        response.send(message + "\n");
                    }
                })
                .post("/send/{client}", (request, response) -> {
                    var inbox = inbox(request.pathParameter("client"));
                    String message = request.text(LARGEST_MESSAGE);
                    boolean taken = inbox != null && inbox.tryPut(message);
                    response.status(taken ? 202 : 503).send(taken ? "left\n" : "full\n");
                });
    }

    private Queue<String> inbox(String client) {
        if (inboxes.size() >= MOST_CLIENTS && !inboxes.containsKey(client)) {
            return null;
        }
        return inboxes.computeIfAbsent(client, name -> new Queue<>(MESSAGES_WAITING));
    }
}
