package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Lettuce, with a connection for each call: what blocks in Redis blocks all of a connection. */
final class LettuceTest extends RedisTrial {
    private RedisClient client;

    @BeforeEach
    void startClient() {
        client = RedisClient.create(RedisURI.create("127.0.0.1", peer().port()));
    }

    @AfterEach
    void stopClient() {
        if (client != null) client.shutdown(Duration.ZERO, Duration.ofSeconds(10));
    }

    @Override
    public String library() {
        return "Lettuce";
    }

    @Override
    public String call(int number) {
        try (var connection = client.connect()) {
            return connection.sync().blpop(0, peer().ask(number)).getValue();
        }
    }

    /** Its connection is good, but has the command still, and what that takes is lost. */
    @Test
    void theCommandOfAKilledCallGoesOn() throws Exception {
        try (var connection = client.connect()) {
            Weft.run(
                    () -> {
                        shut();
                        String key = peer().ask(1);
                        var call = Weft.spawn(() -> connection.sync().blpop(0, key));
                        while (waiting() == 0) {
                            Weft.yieldNow();
                        }
                        call.kill();
                        call.join();
                        assertThat(call.state()).isEqualTo(Coroutine.State.KILLED);
                        assertThat(waiting()).isOne();
                        open();
                        assertThat(connection.sync().llen(key)).isZero();
                    });
        }
    }
}
