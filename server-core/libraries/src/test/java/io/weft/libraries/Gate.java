package io.weft.libraries;

/** What the answers of a peer in this process wait at. Any thread. */
final class Gate {
    private boolean isOpen = true;
    private int waiting;

    /** Returns when it is open. */
    synchronized void pass() throws InterruptedException {
        waiting++;
        try {
            while (!isOpen) {
                wait();
            }
        } finally {
            waiting--;
        }
    }

    synchronized int waiting() {
        return waiting;
    }

    synchronized void open() {
        isOpen = true;
        notifyAll();
    }

    synchronized void shut() {
        isOpen = false;
    }
}
