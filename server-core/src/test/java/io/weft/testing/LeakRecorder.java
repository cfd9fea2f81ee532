package io.weft.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * A leak detector that keeps what Netty's would log. Any thread.
 *
 * <p>A detector learns of a lost object from a reference queue that it looks at when it tracks the
 * next object. {@link #collect} makes both happen: the collection and the next object.
 */
final class LeakRecorder<T> extends ResourceLeakDetector<T> {
    private static final Queue<LeakRecorder<?>> ALL = new ConcurrentLinkedQueue<>();
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    /**
     * The collector hands over its finds one by one, the canary's perhaps not as the last, and
     * objects may hang on one another: a second round finds the rest.
     */
    private static final int ROUNDS = 2;

    private static final LongAdder TRACKED = new LongAdder();
    private static long collected; // of those tracked

    private static final long GC_MILLIS = 5_000;

    private LeakRecorder(Class<T> resource, int samplingInterval) {
        super(resource, samplingInterval);
        ALL.add(this);
    }

    /** Has every detector that Netty makes from now on record; every object is tracked. */
    static synchronized void install() {
        if (ResourceLeakDetectorFactory.instance() instanceof Recorders) return;
        ResourceLeakDetector.setLevel(Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Recorders());
    }

    /**
     * What was lost since the last call, each with the places where it was touched. A collection
     * takes a tenth of a second, so there is none where nothing was tracked since.
     */
    static synchronized List<String> collect() {
        return TRACKED.sum() == collected ? take() : collectAll();
    }

    /** As before, and in any case. */
    static synchronized List<String> collectAll() {
        for (int round = 0; round < ROUNDS; round++) {
            collectGarbage();
            ALL.forEach(LeakRecorder::reportNow);
        }
        collected = TRACKED.sum(); // with the probes
        return take();
    }

    private static List<String> take() {
        var leaks = new ArrayList<String>();
        for (String leak; (leak = LEAKS.poll()) != null; ) leaks.add(leak);
        return leaks;
    }

    @Override
    public ResourceLeakTracker<T> track(T object) {
        TRACKED.increment();
        return super.track(object);
    }

    @Override
    public ResourceLeakTracker<T> trackForcibly(T object) {
        TRACKED.increment();
        return super.trackForcibly(object);
    }

    @Override
    protected boolean needReport() {
        return true; // Netty asks whether its log is on
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType + " (not traced)");
    }

    private void reportNow() {
        @SuppressWarnings(
                "unchecked") // never used as a T: it is tracked for the side effect, and closed
        T probe = (T) new Object();
        ResourceLeakTracker<T> tracker = track(probe);
        if (tracker != null) tracker.close(probe);
    }

    /** Returns when the collector has handed over the references of what it found. */
    private static void collectGarbage() {
        var queue = new ReferenceQueue<Object>();
        var canary = new PhantomReference<>(new Object(), queue);
        System.gc();
        try {
            if (queue.remove(GC_MILLIS) == null) {
                throw new AssertionError(
                        "Expected System.gc() to collect; run without -XX:+DisableExplicitGC");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(canary);
        }
    }

    private static final class Recorders extends ResourceLeakDetectorFactory {
        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval) {
            return new LeakRecorder<>(resource, samplingInterval);
        }

        @Override
        @Deprecated
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new LeakRecorder<>(resource, samplingInterval);
        }
    }
}
