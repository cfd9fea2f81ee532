package io.weft.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.sql.DriverManager;

/** H2 in memory: the coroutine itself is in the database. */
final class H2Test extends H2Trial {
    @Override
    public String library() {
        return "H2, in memory";
    }

    @Override
    public String afterwards() {
        return "the same connection";
    }

    @Override
    public String call(int number) throws Exception {
        try (var connection = DriverManager.getConnection(URL)) {
            return call(connection, number);
        }
    }

    @Test
    void theConnectionOfAKilledCallIsGood() throws Exception {
        try (var connection = DriverManager.getConnection(URL)) {
            Weft.run(
                    () -> {
                        shut();
                        var call = Weft.spawn(() -> call(connection, 1));
                        while (waiting() == 0) {
                            Weft.yieldNow();
                        }
                        call.kill();
                        call.join();
                        assertThat(call.state()).isEqualTo(Coroutine.State.KILLED);
                        open();
                        assertThat(call(connection, 2)).isEqualTo("answer 2");
                    });
        }
    }
}
