package io.weft.load;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Transport;
import io.weft.net.Tls;
import io.weft.net.TlsBuilder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** One coroutine per connection, dealt out to a few loops. */
final class CoroutineCrew implements Crew {
    private final LoadOptions options;
    private final Sources sources;
    private final LoopGroup group;
    private final List<Loop> loops;
    private final @Nullable Tls tls;

    CoroutineCrew(LoadOptions options, Sources sources) throws IOException {
        this.tls = options.target().scheme().isSecure() ? tls(options) : null;
        this.options = options;
        this.sources = sources;
        var transport = options.transport();
        this.group =
                LoopGroup.create(
                        options.loops(), transport == null ? Transport.preferred() : transport);
        this.loops = group.loops();
    }

    private static Tls tls(LoadOptions options) throws IOException {
        TlsBuilder builder = Tls.client().handshakeTimeout(options.timeout());
        return options.insecure() ? builder.insecure().build() : builder.build();
    }

    @Override
    public int lanes() {
        return loops.size();
    }

    @Override
    public Link link(int index) {
        return new CoroutineLink(dial(index));
    }

    @Override
    public Pipe pipe(int index, Supplier<Handlers> handlers) {
        return new CoroutinePipe(dial(index), handlers);
    }

    private Dial dial(int index) {
        return new Dial(options.target().address(), tls, sources.of(index), options.timeout());
    }

    @Override
    public Runnable start(int index, Dialogue dialogue, Runnable body) {
        Coroutine<Integer> coroutine =
                loops.get(index % loops.size())
                        .spawn(
                                "load-" + index,
                                () -> {
                                    body.run();
                                    return index;
                                });
        return coroutine::kill;
    }

    @Override
    public void onBehalfOf(int index, Runnable action) {
        loops.get(index % loops.size()).eventLoop().execute(action);
    }

    @Override
    public void close() {
        group.close();
    }
}
