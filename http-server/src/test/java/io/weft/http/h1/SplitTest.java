package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weft.http.HttpException;
import io.weft.http.Limits;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** The same bytes are the same requests, or the same refusal, however they are cut. */
class SplitTest {
    /** A tilde is CR LF. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /a?b=c HTTP/1.1~Host: a~Accept: */*~~GET /second HTTP/1.1~Host: b~~",
                "~~GET / HTTP/1.0~~~GET / HTTP/1.1~Host: a~X:~Y:  z  ~~",
                "POST / HTTP/1.1~Host: a~Content-Length: 5~~helloPOST / HTTP/1.1~Host:"
                        + " a~Content-Length: 0~~GET / HTTP/1.1~Host: a~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked~~5~hello~a;x=y~0123456789~0~~GET / HTTP/1.1~Host: a~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~5~hello~0~X: y~Z:~~GET /"
                        + " HTTP/1.1~Host: a~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~5~hello~0~X: y~ z~~GET /"
                        + " HTTP/1.1~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~5~hello~0~ X: y~~GET /"
                        + " HTTP/1.1~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~5~helloX~0~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~5\n~hello~0~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Content-Length: 5~~0~~",
                "POST / HTTP/1.1~Host: a~Content-Length: 5~Content-Length: 5~~hello",
                "GET / HTTP/1.1~Host: a~Sec-WebSocket-Key1: 1~Sec-WebSocket-Key2: 2~~XXXXXXXXGET /"
                        + " HTTP/1.1~Host: a~~",
                "GET / HTTP/1.1~Host: a~X: y~ folded~~GET / HTTP/1.1~Host: a~~",
                "GET / HTTP/1.1~ Host: a~~GET / HTTP/1.1~Host: a~~",
                "\rGET / HTTP/1.1~Host: a~~",
                "~\nGET / HTTP/1.1~Host: a~~",
                " GET / HTTP/1.1~Host: a~~",
                "GET  / HTTP/1.1~Host: a~~",
                "GET / http/1.1~Host: a~~",
                "GET / HTTP/1.1\nHost: a~~",
                "GET /\r HTTP/1.1~Host: a~~",
                "GET / HTTP/1.1~Host: a~X\u0000: b~~",
            })
    void cutAnywhereIsTheSame(String text) {
        byte[] bytes = text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        String whole = new Reading().read(bytes, 0, bytes.length).end();
        for (int cut = 1; cut < bytes.length; cut++) {
            assertThat(new Reading().read(bytes, 0, cut).read(bytes, cut, bytes.length).end())
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
        var slow = new Reading();
        for (int i = 0; i < bytes.length; i++) {
            slow.read(bytes, i, i + 1);
        }
        assertThat(slow.end()).isEqualTo(whole);
    }

    /** A decoder without room keeps what comes, and goes on where it was. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1~Host: a~~GET /2 HTTP/1.1~Host: b~~GET /3 HTTP/1.1~Host: c~~",
                "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~1~h~1~i~0~X: y~~GET /"
                        + " HTTP/1.1~Host: a~~",
                "GET / HTTP/1.1~Host: a~~ GET",
            })
    void pausedAnywhereIsTheSame(String text) {
        byte[] bytes = text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        String whole = new Reading().read(bytes, 0, bytes.length).end();
        for (int cut = 0; cut < bytes.length; cut++) {
            var reading = new Reading().read(bytes, 0, cut);
            reading.full.set(true);
            String before = reading.text.toString();
            reading.read(bytes, cut, bytes.length);
            assertThat(reading.text.toString()).isEqualTo(before);
            reading.full.set(false);
            reading.decoder.resume(reading.channel.pipeline().firstContext());
            assertThat(reading.read(bytes, 0, 0).end()).as("paused at %d", cut).isEqualTo(whole);
        }
    }

    /** What a decoder makes of bytes, as text. */
    private static final class Reading {
        final AtomicBoolean full = new AtomicBoolean();
        final RequestDecoder decoder = new RequestDecoder(Limits.DEFAULT, null, full::get);
        final EmbeddedChannel channel = new EmbeddedChannel(decoder);
        final StringBuilder text = new StringBuilder();
        private boolean refused;

        Reading read(byte[] bytes, int start, int end) {
            if (end > start) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, start, end - start));
            }
            for (HttpObject part; (part = channel.readInbound()) != null; ) {
                if (!refused) {
                    show(part);
                }
                ReferenceCountUtil.release(part);
            }
            return this;
        }

        private void show(HttpObject part) {
            if (part.decoderResult().isFailure()) {
                refuse(HeadCheck.undecodable(part.decoderResult().cause()));
                return;
            }
            if (part instanceof HttpRequest head) {
                text.append('<').append(head.method()).append(' ').append(head.uri()).append('>');
                try {
                    HeadCheck.check(head, Limits.DEFAULT);
                } catch (BadRequest | HttpException e) {
                    refuse(e);
                    return;
                }
                text.append(head.headers().entries());
            }
            if (part instanceof HttpContent content) {
                text.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (part instanceof LastHttpContent last) {
                text.append(last.trailingHeaders().entries()).append("<end>");
            }
        }

        private void refuse(Exception reason) {
            refused = true;
            text.append("refused: ").append(reason.getMessage());
        }

        String end() {
            channel.finishAndReleaseAll();
            return text.toString();
        }
    }
}
