package io.weft.http.h1;

import io.weft.http.Filter;
import io.weft.http.Handler;
import io.weft.http.Headers;
import io.weft.http.ReplyHandler;
import io.weft.http.ResponseSink;
import io.weft.http.Router;
import io.weft.http.wsgi.Wsgi;
import io.weft.testing.Broken;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All from where a server calls user code before there is an answer. */
@SuppressWarnings("ImmutableEnumChecker") // what makes them is a function
enum Place {
    HANDLER(broken -> (request, response) -> broken.fail()),
    AFTER_PREPARING(
            broken ->
                    (request, response) -> {
                        response.status(201).header("X-Half", "done").body();
                        broken.fail();
                    }),
    REPLY(
            broken ->
                    ((ReplyHandler)
                                    request -> {
                                        broken.fail();
                                        throw new AssertionError();
                                    })
                            .asHandler()),
    ROUTE(broken -> new Router().any("/{all...}", (request, response) -> broken.fail())),
    OTHERWISE(broken -> new Router().otherwise((request, response) -> broken.fail())),
    FILTER_BEFORE(
            broken ->
                    filter((request, response, next) -> broken.fail())
                            .before((request, response) -> response.send("never"))),
    FILTER_AFTER(
            broken ->
                    filter(
                                    (request, response, next) -> {
                                        next.handle(request, response);
                                        broken.fail();
                                    })
                            .before((request, response) -> response.status(201))),
    SINK(
            broken ->
                    filter(
                                    (request, response, next) -> {
                                        response.through(next1 -> new Failing(broken));
                                        next.handle(request, response);
                                    })
                            .before((request, response) -> response.send("never"))),
    APPLICATION(
            broken ->
                    Wsgi.handler(
                            (environ, start) -> {
                                start.start("200 OK", List.of(Map.entry("X-Half", "done")));
                                broken.fail();
                                return List.of();
                            })),
    ITERATOR(
            broken ->
                    Wsgi.handler(
                            (environ, start) -> {
                                start.start("200 OK", List.of(Map.entry("X-Half", "done")));
                                return () -> new FailingIterator(broken);
                            }));

    private final Function<Broken, Handler> maker;

    Place(Function<Broken, Handler> maker) {
        this.maker = maker;
    }

    Handler handler(Broken broken) {
        return maker.apply(broken);
    }

    private static Filter filter(Filter filter) {
        return filter;
    }

    private record FailingIterator(Broken broken) implements Iterator<byte[]> {
        @Override
        public boolean hasNext() {
            broken.fail();
            return false;
        }

        @Override
        public byte[] next() {
            throw new AssertionError();
        }
    }

    private record Failing(Broken broken) implements ResponseSink {
        @Override
        public void whole(int status, Headers headers, byte[] body) {
            broken.fail();
        }

        @Override
        public void begin(int status, Headers headers) {
            broken.fail();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            broken.fail();
        }

        @Override
        public void writeFile(FileChannel file, long position, long count) {
            broken.fail();
        }

        @Override
        public void flush() throws IOException {
            broken.fail();
        }

        @Override
        public void end(@Nullable Headers trailers) {
            broken.fail();
        }
    }
}
