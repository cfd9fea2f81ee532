package io.weft.libraries;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A trial of RabbitMQ's client; a channel and a remote procedure call per call. */
abstract sealed class RabbitMqTrial implements Trial permits RabbitMqTest, RabbitMqPooledTest {
    private RabbitMqPeer peer;
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        peer = new RabbitMqPeer();
        connection = RabbitMqPeer.connect();
    }

    @AfterEach
    void disconnect() throws Exception {
        if (connection != null) {
            connection.close();
            peer.close();
        }
    }

    @Override
    public String afterwards() {
        return "the same connection";
    }

    @Override
    public String call(int number) throws Exception {
        try (var channel = connection.createChannel()) {
            var rpc =
                    new RpcClient(
                            new RpcClientParams()
                                    .channel(channel)
                                    .exchange("")
                                    .routingKey(peer.queue()));
            return rpc.stringCall(Integer.toString(number));
        }
    }

    @Override
    public void shut() {
        peer.shut();
    }

    @Override
    public void open() throws Exception {
        peer.open();
    }

    @Override
    public int waiting() {
        return peer.waiting();
    }
}
