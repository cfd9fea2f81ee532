import io.weft.Coroutine;
import io.weft.Weft;
import java.util.ArrayList;
import redis.clients.jedis.Jedis;

/** Workers that wait in Redis, through an ordinary blocking client, on one loop. Needs Jedis and a Redis server. */
public class RedisQueue {
    public static void main(String[] args) throws Exception {
        String host = args.length > 0 ? args[0] : "127.0.0.1";
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 6379;
        Weft.run(
                () -> {
                    var workers = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 3; i++) {
                        workers.add(Weft.spawn(() -> work(host, port)));
                    }
                    try (var redis = new Jedis(host, port)) {
                        for (int job = 1; job <= 3; job++) {
                            redis.rpush("weft:jobs", "job " + job);
                        }
                    }
                    for (var worker : workers) {
                        worker.join();
                    }
                });
    }

    private static void work(String host, int port) {
        try (var redis = new Jedis(host, port)) {
            System.out.println("done: " + redis.blpop(10, "weft:jobs").get(1));
        }
    }
}
