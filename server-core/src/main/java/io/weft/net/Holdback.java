package io.weft.net;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a decoder does not decode while nobody has room for it: bytes stay bytes, where small
 * messages would be twenty times their size as objects, and the end of the input is told of behind
 * them. Loop-confined, on the hub. For protocols that put decoders of their own before a coroutine.
 */
public final class Holdback {
    private final BooleanSupplier isFull;
    private boolean holds;
    private @Nullable List<Object> ends;

    /** Asks {@code isFull} whether there is no room. */
    public Holdback(BooleanSupplier isFull) {
        this.isFull = isFull;
    }

    /** Asked before each step: whether the decoder has to leave its bytes as they are. */
    public boolean stops() {
        holds = isFull.getAsBoolean();
        return holds;
    }

    /** Whether there are bytes that were left. */
    public boolean holds() {
        return holds;
    }

    /**
     * Whether {@code event} is the end of the input, and is kept until what was left is decoded.
     */
    public boolean keeps(Object event) {
        if (!holds
                || !(event instanceof ChannelInputShutdownEvent
                        || event instanceof SslCloseCompletionEvent)) {
            return false;
        }
        ends = ends == null ? new ArrayList<>(2) : ends;
        ends.add(event);
        return true;
    }

    /** There is room again: whether there are bytes to go on with. */
    public boolean letsGo() {
        boolean held = holds;
        holds = false;
        return held;
    }

    /** The ends that were kept, each once; none while bytes are left. */
    public List<Object> ends() {
        List<Object> kept = ends;
        if (holds || kept == null) {
            return List.of();
        }
        ends = null;
        return kept;
    }
}
