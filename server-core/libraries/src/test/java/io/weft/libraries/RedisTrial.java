package io.weft.libraries;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A trial of a client of Redis; a BLPOP per call. */
abstract sealed class RedisTrial implements Trial permits JedisTest, LettuceTest {
    private RedisPeer peer;

    @BeforeEach
    void startPeer() throws Exception {
        peer = new RedisPeer();
    }

    @AfterEach
    void stopPeer() {
        if (peer != null) peer.close();
    }

    RedisPeer peer() {
        return peer;
    }

    @Override
    public void shut() {
        peer.shut();
    }

    @Override
    public void open() {
        peer.open();
    }

    @Override
    public int waiting() {
        return peer.waiting();
    }
}
