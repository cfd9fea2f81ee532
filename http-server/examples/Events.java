import io.weft.LoopGroup;
import io.weft.http.EventStream;
import io.weft.http.Router;
import io.weft.http.server.HttpServer;
import io.weft.net.Addresses;
import io.weft.queue.Queue;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * News for everybody who listens: {@code curl -N localhost:8000/events}, and {@code curl -d hello localhost:8000/news}. A
 * queue per listener: who reads slowly misses news, and holds nobody up. On one loop, so the set needs no lock.
 */
public class Events {
    private static final int NEWS_WAITING = 100;
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final Set<Queue<String>> listeners = new LinkedHashSet<>();

    public static void main(String[] args) throws Exception {
        var events = new Events();
        String address = args.length > 0 ? args[0] : "127.0.0.1:8000";
        try (var loop = LoopGroup.create(1);
                var server = HttpServer.builder(events.routes()).listen(address).group(loop).bind()) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }

    private Router routes() {
        return new Router()
                .get("/events", (request, response) -> {
                    var inbox = new Queue<String>(NEWS_WAITING);
                    listeners.add(inbox);
                    try {
                        listen(inbox, EventStream.of(response)); // until the client goes, or the server
                    } finally {
                        listeners.remove(inbox);
                    }
                })
                .post("/news", (request, response) -> {
                    String news = request.text(10_000);
                    listeners.forEach(listener -> listener.tryPut(news));
                    response.send("told " + listeners.size() + "\n");
                });
    }

    private static void listen(Queue<String> inbox, EventStream events) throws Exception {
        while (true) {
            String news = inbox.get(QUIET);
            if (news == null) {
                events.comment("still here");
            } else {
                events.send(news);
            }
        }
    }
}
