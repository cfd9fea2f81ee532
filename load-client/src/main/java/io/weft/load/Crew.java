package io.weft.load;

import java.io.IOException;
import java.util.function.Supplier;

/** Who runs the workers. Used by the thread that leads the run. */
interface Crew extends AutoCloseable {
    /** The crew that {@code options} ask for. */
    static Crew of(LoadOptions options) throws IOException {
        var sources = Sources.of(options.target().address(), options.connections());
        return switch (options.mode()) {
            case THREADS -> new ThreadCrew(options, sources);
            case COROUTINES -> new CoroutineCrew(options, sources);
        };
    }

    /**
     * How many tallies it takes that workers seldom meet at one; worker {@code index} uses tally
     * index % lanes.
     */
    int lanes();

    /** Makes the connection of worker {@code index} for bytes; it is not connected yet. */
    Link link(int index);

    /** Makes the connection of worker {@code index} for messages; it is not connected yet. */
    Pipe pipe(int index, Supplier<Handlers> handlers);

    /**
     * Has {@code body} run on a thread of its own.
     *
     * @return ends the worker wherever it waits, in its dialogue or elsewhere; may be called again,
     *     also after its end
     * @throws IOException if there are no threads left
     */
    Runnable start(int index, Dialogue dialogue, Runnable body) throws IOException;

    /** Has {@code action} done where it may touch what worker {@code index} waits for. */
    void onBehalfOf(int index, Runnable action);

    /** Ends what the crew itself has, after its workers. */
    @Override
    void close();
}
