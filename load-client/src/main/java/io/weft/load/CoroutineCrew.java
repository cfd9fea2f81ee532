package io.weft.load;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Transport;

import java.util.List;

/** One coroutine per connection, dealt out to a few loops. */
final class CoroutineCrew implements Crew {
    private final LoadOptions options;
    private final Sources sources;
    private final LoopGroup group;
    private final List<Loop> loops;

    CoroutineCrew(LoadOptions options, Sources sources) {
        this.options = options;
        this.sources = sources;
        var transport = options.transport();
        this.group =
                LoopGroup.create(
                        options.loops(), transport == null ? Transport.preferred() : transport);
        this.loops = group.loops();
    }

    @Override
    public int lanes() {
        return loops.size();
    }

    @Override
    public Link link(int index) {
        return new CoroutineLink(options.target(), sources.of(index), options.timeout());
    }

    @Override
    public Runnable start(int index, Link link, Runnable body) {
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
    public void close() {
        group.close();
    }
}
