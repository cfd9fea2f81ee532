package io.weft;

/**
 * A nursery among the scopes of its owner. Of those around it it tells the nursery when they are
 * struck; it is struck itself, as a limit is reached, where the nursery shall reach its body.
 * Loop-confined.
 */
final class NurseryScope extends Timeout {
    private final Nursery nursery;
    private final Brood brood;
    private final boolean reachesBody;
    private boolean struckAround;

    NurseryScope(Nursery nursery, Brood brood, Coroutine<?> owner, boolean reachesBody) {
        super(null, owner, false);
        this.nursery = nursery;
        this.brood = brood;
        this.reachesBody = reachesBody;
        if (owner.strikes > opened) {
            struckAround(); // and has not been heard
        }
    }

    @Override
    InterruptedException interruption() {
        return new InterruptedException(nursery + " was cancelled");
    }

    /** Those who strike may have no lock, and the nursery has one. */
    @Override
    void struckAround() {
        struckAround = true;
        brood.refuse();
        coroutine.loop().newDetachedThread(null, brood::strike).start();
    }

    boolean isStruckAround() {
        return struckAround;
    }

    /** The body shall end. Any thread. */
    void strikeBody() {
        Loop loop = coroutine.loop();
        if (!reachesBody) {
            return;
        }
        if (loop.isCurrent() || loop.hasEnded()) {
            strikeHere();
        } else {
            loop.carrier().execute(this::strikeHere);
        }
    }

    private void strikeHere() {
        if (!isClosed() && !isExpired()) {
            expire();
        }
    }

    /**
     * The body has ended: what strikes the owner from now on finds it waiting for its children.
     *
     * @return whether it had left scopes open inside, which are closed too
     */
    boolean leave() {
        boolean misnested = false;
        while (!isClosed() && coroutine.timeouts != this && coroutine.timeouts != null) {
            coroutine.timeouts.close();
            misnested = true;
        }
        super.close();
        return misnested;
    }

    /** The owner has ended, or closes a scope around, and has forgotten the nursery. */
    @Override
    public void close() {
        if (!isClosed()) {
            super.close();
            brood.abandon();
        }
    }
}
