package io.weft.libraries;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers requests that come by a queue of RabbitMQ, on the client's own threads. */
final class RabbitMqPeer implements AutoCloseable {
    private final Connection connection = connect();
    private final Channel channel = connection.createChannel();
    private final String queue = channel.queueDeclare().getQueue();
    private final List<Delivery> keptBack = new ArrayList<>();
    private boolean isShut;

    RabbitMqPeer() throws Exception {
        channel.basicConsume(queue, true, (_, request) -> receive(request), _ -> {});
    }

    static Connection connect() throws Exception {
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(Servers.rabbitMq());
        return factory.newConnection();
    }

    String queue() {
        return queue;
    }

    private synchronized void receive(Delivery request) throws IOException {
        keptBack.add(request);
        if (!isShut) open();
    }

    synchronized void shut() {
        isShut = true;
    }

    synchronized void open() throws IOException {
        isShut = false;
        for (Delivery request : keptBack) {
            var properties =
                    new BasicProperties.Builder()
                            .correlationId(request.getProperties().getCorrelationId())
                            .build();
            String answer = "answer " + new String(request.getBody(), StandardCharsets.UTF_8);
            channel.basicPublish(
                    "",
                    request.getProperties().getReplyTo(),
                    properties,
                    answer.getBytes(StandardCharsets.UTF_8));
        }
        keptBack.clear();
    }

    synchronized int waiting() {
        return keptBack.size();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
