import io.weft.Weft;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

/**
 * ZeroMQ by an ordinary blocking client, JeroMQ, on one loop: a request and its reply by turns, and news for all who have
 * subscribed. Needs JeroMQ.
 */
public class ZeroMq {
    public static void main(String[] args) throws Exception {
        try (var context = new ZContext()) {
            Weft.run(() -> requests(context));
            Weft.run(() -> news(context));
        }
    }

    private static void requests(ZContext context) throws Exception {
        try (var server = context.createSocket(SocketType.REQ);
                var client = context.createSocket(SocketType.REP)) {
            client.connect("tcp://127.0.0.1:" + server.bindToRandomPort("tcp://127.0.0.1"));
            var asking =
                    Weft.spawn(
                            () -> {
                                for (int request = 1; request < 10; request++) {
                                    server.send("Hello");
                                    System.out.println("Switched to Server for " + request);
                                    server.recvStr(); // the other one runs
                                }
                            });
            var answering =
                    Weft.spawn(
                            () -> {
                                for (int request = 1; request < 10; request++) {
                                    client.recvStr(); // the other one runs
                                    System.out.println("Switched to Client for " + request);
                                    client.send("World");
                                }
                            });
            asking.get();
            answering.get();
        }
    }

    private static void news(ZContext context) throws Exception {
        try (var publisher = context.createSocket(SocketType.XPUB)) { // a PUB that hears who subscribes
            int port = publisher.bindToRandomPort("tcp://127.0.0.1");
            var weft = Weft.spawn(() -> read(context, port, "weft"));
            var warp = Weft.spawn(() -> read(context, port, "warp"));
            publisher.recv();
            publisher.recv();
            for (int issue = 1; issue <= 2; issue++) {
                publisher.send("weft issue " + issue);
                publisher.send("warp issue " + issue);
            }
            weft.get();
            warp.get();
        }
    }

    private static void read(ZContext context, int port, String topic) {
        try (var subscriber = context.createSocket(SocketType.SUB)) {
            subscriber.connect("tcp://127.0.0.1:" + port);
            subscriber.subscribe(topic);
            for (int issue = 1; issue <= 2; issue++) {
                System.out.println("read: " + subscriber.recvStr());
            }
        }
    }
}
