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
     * Objects may hang on one another by finalisation-like chains; a second round finds the next
     * link.
     */
    private static final int ROUNDS = 2;

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

    /** What was lost since the last call, each with the places where it was touched. */
    static List<String> collect() {
        for (int round = 0; round < ROUNDS; round++) {
            collectGarbage();
            ALL.forEach(LeakRecorder::reportNow);
        }
        var leaks = new ArrayList<String>();
        for (String leak; (leak = LEAKS.poll()) != null; ) leaks.add(leak);
        return leaks;
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
