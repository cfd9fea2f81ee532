package io.weft.libraries;

import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import redis.clients.jedis.Connection;
import redis.clients.jedis.RedisClient;

/** Jedis with its pool of connections. */
final class JedisTest extends RedisTrial {
    private RedisClient client;

    @BeforeEach
    void startClient() {
        var pool = new GenericObjectPoolConfig<Connection>();
        pool.setMaxTotal(CALLS);
        client =
                RedisClient.builder()
                        .hostAndPort("127.0.0.1", peer().port())
                        .poolConfig(pool)
                        .build();
    }

    @AfterEach
    void stopClient() {
        if (client != null) client.close();
    }

    @Override
    public String library() {
        return "Jedis";
    }

    @Override
    public String call(int number) {
        return client.blpop(0, peer().ask(number)).get(1);
    }
}
