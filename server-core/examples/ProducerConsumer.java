import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.queue.Queue;
import java.util.ArrayList;
import java.util.List;

/** A boss fills a queue of three places; three workers empty it, and go home when it is shut down. */
public class ProducerConsumer {
    public static void main(String[] args) throws Exception {
        Weft.run(
                () -> {
                    var tasks = new Queue<Integer>(3);
                    var workers = new ArrayList<Coroutine<?>>();
                    for (String name : List.of("steve", "john", "nancy")) {
                        workers.add(
                                Weft.spawn(
                                        () -> {
                                            for (int task : tasks) {
                                                System.out.println(
                                                        "Worker " + name + " got task " + task);
                                                Weft.yieldNow();
                                            }
                                            System.out.println("Quitting time!");
                                        }));
                    }
                    for (int task = 1; task <= 9; task++) {
                        tasks.put(task);
                    }
                    tasks.shutdown(false);
                    for (var worker : workers) {
                        worker.join();
                    }
                });
    }
}
