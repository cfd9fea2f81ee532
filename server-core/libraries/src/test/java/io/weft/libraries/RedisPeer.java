package io.weft.libraries;

import redis.clients.jedis.Jedis;

import java.util.HashSet;
import java.util.Set;

/** A Redis server whose clients wait for an element of a list. On one loop. */
final class RedisPeer implements AutoCloseable {
    private final int port = Servers.redis();
    private final Jedis redis = new Jedis("127.0.0.1", port);
    private final Set<Integer> keptBack = new HashSet<>();
    private boolean isShut;

    RedisPeer() throws Exception {
        redis.flushAll();
    }

    int port() {
        return port;
    }

    /** The list in which the answer will be. */
    String ask(int number) {
        if (isShut) {
            keptBack.add(number);
        } else {
            answer(number);
        }
        return key(number);
    }

    private static String key(int number) {
        return "calls:" + number;
    }

    private void answer(int number) {
        redis.rpush(key(number), "answer " + number);
    }

    void shut() {
        isShut = true;
    }

    void open() {
        isShut = false;
        keptBack.forEach(this::answer);
        keptBack.clear();
    }

    int waiting() {
        return redis.info("clients")
                .lines()
                .filter(line -> line.startsWith("blocked_clients:"))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        redis.close();
    }
}
