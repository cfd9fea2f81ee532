import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;
import io.weft.Nursery;
import io.weft.Weft;
import io.weft.pool.ThreadPool;
import io.weft.queue.Queue;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Publishers and consumers of RabbitMQ as coroutines, with its ordinary client. What is consumed comes on the client's own
 * threads, and goes from there into a queue. Needs the client, and a server; its arguments are host and port.
 */
public class RabbitMq {
    private static final int JOBS = 3;

    public static void main(String[] args) throws Exception {
        var factory = new ConnectionFactory();
        factory.setHost(args.length > 0 ? args[0] : "127.0.0.1");
        factory.setPort(args.length > 1 ? Integer.parseInt(args[1]) : 5672);
        Weft.run(
                () -> {
                    try (var connection = factory.newConnection()) {
                        jobs(connection);
                        calls(connection);
                    }
                });
    }

    /** Two publishers, and one consumer that has its jobs one after another. */
    private static void jobs(Connection connection) throws Exception {
        try (var channel = connection.createChannel();
                var nursery = Nursery.open()) {
            String queue = channel.queueDeclare().getQueue();
            var inbox = new Queue<Delivery>();
            channel.basicConsume(queue, false, (tag, delivery) -> put(inbox, delivery), tag -> {});
            nursery.spawn(() -> publish(connection, queue, "ann"));
            nursery.spawn(() -> publish(connection, queue, "bob"));
            for (int job = 0; job < 2 * JOBS; job++) {
                Delivery delivery = inbox.get();
                System.out.println("done: " + text(delivery));
                channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
            nursery.join();
        }
    }

    private static void publish(Connection connection, String queue, String name) throws Exception {
        try (var channel = connection.createChannel()) { // one each: channels are not shared
            for (int job = 1; job <= JOBS; job++) {
                channel.basicPublish("", queue, null, (name + "'s job " + job).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private interface Shout {
        String of(String text) throws Exception;
    }

    /** A server's coroutine answers; the callers' wait is on threads, as the client's own takes no notice of a kill. */
    private static void calls(Connection connection) throws Exception {
        try (var channel = connection.createChannel();
                var threads = new ThreadPool(2)) {
            String queue = channel.queueDeclare().getQueue();
            var inbox = new Queue<Delivery>();
            channel.basicConsume(queue, true, (tag, delivery) -> put(inbox, delivery), tag -> {});
            var server =
                    Weft.spawn(
                            () -> {
                                while (true) {
                                    Delivery request = inbox.get();
                                    var id = request.getProperties().getCorrelationId();
                                    channel.basicPublish(
                                            "",
                                            request.getProperties().getReplyTo(),
                                            new BasicProperties.Builder().correlationId(id).build(),
                                            text(request).toUpperCase().getBytes(StandardCharsets.UTF_8));
                                }
                            });
            Shout shout = threads.wrap(Shout.class, text -> call(connection, queue, text));
            var warp = Weft.spawn(() -> shout.of("warp"));
            var weft = Weft.spawn(() -> shout.of("weft"));
            System.out.println(warp.get() + " AND " + weft.get());
            server.kill();
        }
    }

    private static String call(Connection connection, String queue, String text) throws Exception {
        try (var channel = connection.createChannel()) {
            var parameters = new RpcClientParams().channel(channel).exchange("").routingKey(queue).timeout(10_000);
            return Objects.requireNonNull(new RpcClient(parameters).stringCall(text));
        }
    }

    private static void put(Queue<Delivery> inbox, Delivery delivery) {
        try {
            inbox.put(delivery);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Delivery delivery) {
        return new String(delivery.getBody(), StandardCharsets.UTF_8);
    }
}
