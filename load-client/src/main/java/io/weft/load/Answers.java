package io.weft.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * Judges answers in HTTP as they come. Of each whole answer a verdict stays, until it is taken; of
 * more than there were requests none. See {@link Inlet} for threads.
 */
final class Answers extends Inlet {
    /** What came of one request. */
    record Verdict(int status, long bytes, @Nullable Fault fault) {}

    /** How much of a wrong body is shown. */
    private static final int SHOWN = 64;

    /** RFC 9112 section 4: three digits. */
    private static final int LOWEST = 100;

    private static final int HIGHEST = 999;

    private final HttpOptions options;
    private final ByteBuf wanted;
    private final ArrayDeque<Verdict> verdicts = new ArrayDeque<>(2);
    private @Nullable Verdict lastGood; // most are alike: one is made for all of them
    private int owed;
    private boolean over;
    private boolean answered;

    // of the answer that is coming
    private boolean begun;
    private boolean interim;
    private boolean closes;
    private int status;
    private long bytes;
    private @Nullable Fault fault;

    Answers(HttpOptions options) {
        this.options = options;
        byte[] body = options.body();
        this.wanted = body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    }

    /** One more request has been sent. */
    void asked() {
        owed++;
    }

    /** How many requests have no whole answer yet. */
    int owed() {
        return owed;
    }

    boolean isEmpty() {
        return verdicts.isEmpty();
    }

    Verdict next() {
        return verdicts.removeFirst();
    }

    /** Whether the connection is of no use for another request, and that is nothing wrong. */
    boolean isOver() {
        return verdicts.isEmpty() && (over || (isLost() && owed == 0 && !begun));
    }

    /** Whether a part of an answer has come. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether there was a whole answer on this connection. */
    boolean hasAnswered() {
        return answered;
    }

    @Override
    void take(Object message) {
        if (message == AnswerDecoder.CUT) {
            begun = true;
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            end(wrong(part.decoderResult().cause()));
            return;
        }
        if (over) {
            return; // the server has said that it ends, and whatever follows is nobody's
        }
        if (message instanceof HttpResponse head) {
            begin(head);
        }
        if (message instanceof HttpContent content) {
            body(content.content());
        }
        if (message instanceof LastHttpContent) {
            finish();
        }
    }

    private String wrong(Throwable cause) {
        return cause instanceof TooLongFrameException
                ? "the answer's head is longer than "
                        + options.headBytes()
                        + " bytes, the limit of --max-head"
                : "the answer is no HTTP: " + cause.getMessage();
    }

    private void begin(HttpResponse head) {
        status = head.status().code();
        if (status < LOWEST || status > HIGHEST) {
            end("the answer is no HTTP: expected a status from 100 to 999, got " + status);
            return;
        }
        if (owed == 0 && status == HttpResponseStatus.REQUEST_TIMEOUT.code()) {
            over = true; // RFC 9110 section 15.5.9: how some servers say that they close
            return;
        }
        begun = true;
        interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL && status != 101;
        if (interim) {
            return;
        }
        if (owed == 0) {
            end("an answer came that nobody had asked for");
            return;
        }
        closes = !HttpUtil.isKeepAlive(head);
        bytes = 0;
        boolean expected =
                options.status() == 0 ? status >= 200 && status < 400 : status == options.status();
        fault =
                expected
                        ? null
                        : new Fault(
                                ErrorKind.STATUS,
                                "expected status "
                                        + (options.status() == 0 ? "2xx or 3xx" : options.status())
                                        + ", got "
                                        + Printable.of(head.status().toString()));
    }

    private void body(ByteBuf content) {
        int length = content.readableBytes();
        byte[] expected = options.body();
        if (length > 0 && expected != null && fault == null && !interim) {
            boolean right =
                    bytes + length <= expected.length
                            && ByteBufUtil.equals(
                                    content, content.readerIndex(), wanted, (int) bytes, length);
            fault = right ? null : new Fault(ErrorKind.BODY, wrongBody(content, expected));
        }
        bytes += length;
    }

    private String wrongBody(ByteBuf content, byte[] expected) {
        var got = new byte[Math.min(SHOWN, content.readableBytes())];
        content.getBytes(content.readerIndex(), got);
        return "expected body "
                + Message.shown(expected, expected.length)
                + ", got "
                + Message.shown(got, got.length)
                + (bytes > 0 ? " at byte " + bytes : "");
    }

    private void finish() {
        begun = false;
        if (interim || hasEnded()) {
            return;
        }
        byte[] expected = options.body();
        if (expected != null && fault == null && bytes < expected.length) {
            fault =
                    new Fault(
                            ErrorKind.BODY,
                            "expected a body of " + expected.length + " bytes, got " + bytes);
        }
        owed--;
        answered = true;
        over = closes;
        Verdict good = lastGood;
        if (good == null || good.status != status || good.bytes != bytes || fault != null) {
            good = new Verdict(status, bytes, fault);
            lastGood = fault == null ? good : lastGood;
        }
        verdicts.addLast(good);
        tell();
    }
}
