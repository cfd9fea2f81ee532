package io.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

class LeakRecorderTest {
    @Test
    void lostBufferIsReportedOnce() {
        lose();

        assertThat(LeakRecorder.collect()).singleElement().asString().contains("ByteBuf", "lose");
        assertThat(LeakRecorder.collect()).isEmpty();
    }

    @Test
    void lastLookFindsItToo() {
        lose();

        assertThat(LeakRecorder.collectAll()).singleElement().asString().contains("lose");
    }

    @Test
    void releasedBufferIsNotReported() {
        Unpooled.directBuffer(16).release();

        assertThat(LeakRecorder.collect()).isEmpty();
    }

    /** In a frame of its own, so that no local variable keeps the buffer. */
    private static void lose() {
        Unpooled.directBuffer(16).touch("lose");
    }
}
