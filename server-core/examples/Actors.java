import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.queue.Queue;

/** Two actors that play ping-pong: an actor is a coroutine with an inbox. */
public class Actors {
    abstract static class Actor extends Coroutine<Void> {
        final Queue<String> inbox = new Queue<>();

        abstract void receive(String message) throws InterruptedException;

        @Override
        protected Void run() throws InterruptedException {
            for (String message : inbox) {
                receive(message);
            }
            return null;
        }
    }

    static final class Player extends Actor {
        private final String call;
        private int balls = 3;
        Player opponent;

        Player(String call) {
            this.call = call;
        }

        @Override
        void receive(String message) throws InterruptedException {
            System.out.println(message);
            if (balls-- > 0) {
                opponent.inbox.put(call);
            } else {
                inbox.shutdown(true);
                opponent.inbox.shutdown(true);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Weft.run(
                () -> {
                    var pinger = new Player("ping");
                    var ponger = new Player("pong");
                    pinger.opponent = ponger;
                    ponger.opponent = pinger;
                    pinger.start();
                    ponger.start();
                    pinger.inbox.put("start");
                    pinger.join();
                    ponger.join();
                });
    }
}
