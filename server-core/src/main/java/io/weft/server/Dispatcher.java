package io.weft.server;

import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Timer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Hands accepted connections to the loops in turn, past those that a handler holds. One that does
 * not take what it was offered is late: the next one is offered it instead, and the late one gets
 * nothing more until it has come to what it was offered. When all are late, whoever comes first
 * takes it, and the server accepts no more until then: the kernel's backlog waits, as it would for
 * a single loop.
 *
 * <pre>
 *   offered ──the loop comes to it──▶ taken
 *      └─not within PATIENCE──▶ offered to the next that is not late, or to all
 * </pre>
 *
 * <p>On the hub of the acceptor, but for what is not private, which is for any thread.
 */
final class Dispatcher {
    /**
     * Far more than a turn of a busy loop takes, far less than anybody notices who connects; a loop
     * that is held is found out by this much waiting of one client.
     */
    static final Duration PATIENCE = Duration.ofMillis(10);

    private final Loop acceptor;
    private final List<Seat> seats;
    private final Runnable presenceChanged;
    private final AtomicInteger late = new AtomicInteger();
    private final ArrayDeque<Offer> open = new ArrayDeque<>(); // by the time of the offer
    private final Timer timer;
    private int next;

    /**
     * Of one server.
     *
     * @param presenceChanged called when {@link #isAnyPresent} has changed
     */
    Dispatcher(LoopGroup group, Runnable presenceChanged) {
        this.acceptor = group.acceptor();
        this.seats = group.loops().stream().map(Seat::new).toList();
        this.presenceChanged = presenceChanged;
        this.timer =
                new Timer(acceptor) {
                    @Override
                    protected void fire() {
                        offerAgain();
                    }
                };
    }

    /** A loop, as the dispatcher sees it. */
    private final class Seat {
        private final Loop loop;
        private final AtomicInteger offers = new AtomicInteger(); // it has yet to come to
        private final AtomicBoolean isLate = new AtomicBoolean();

        Seat(Loop loop) {
            this.loop = loop;
        }

        void offer(Offer offer) {
            offers.incrementAndGet();
            try {
                loop.eventLoop().execute(() -> comeTo(offer));
            } catch (RejectedExecutionException e) {
                offers.decrementAndGet();
                offer.refuse(); // the group is shutting down
            }
        }

        /** On its hub. */
        private void comeTo(Offer offer) {
            offers.decrementAndGet();
            isPresent();
            if (offer.take()) {
                offer.begin.accept(loop);
            }
        }

        /**
         * It has left an offer for too long. It may have come to it in this moment: then it would
         * never again be asked whether it is there.
         */
        void isLate() {
            if (!isLate.getAndSet(true) && late.incrementAndGet() == seats.size()) {
                presenceChanged.run();
            }
            if (offers.get() == 0) {
                isPresent();
            }
        }

        private void isPresent() {
            if (isLate.get() && isLate.getAndSet(false) && late.getAndDecrement() == seats.size()) {
                presenceChanged.run();
            }
        }
    }

    /** One connection, for the first loop that takes it. */
    private static final class Offer {
        private final Consumer<Loop> begin;
        private final Runnable refuse;
        private final AtomicBoolean taken = new AtomicBoolean();
        private Seat seat; // of the last one it was offered to
        private boolean stays; // who was offered it has to come to it
        private long until;

        Offer(Seat seat, Consumer<Loop> begin, Runnable refuse) {
            this.seat = seat;
            this.begin = begin;
            this.refuse = refuse;
        }

        boolean isTaken() {
            return taken.get();
        }

        boolean take() {
            return !taken.getAndSet(true);
        }

        void refuse() {
            if (take()) {
                refuse.run();
            }
        }
    }

    /**
     * Has a loop begin a connection.
     *
     * @param begin called on the hub of the loop that takes it
     * @param refuse called if no loop will ever
     */
    void dispatch(Consumer<Loop> begin, Runnable refuse) {
        onHub(() -> offer(new Offer(nextPresent(), begin, refuse)), refuse);
    }

    /** As {@link #dispatch}, of a connection that has its loop already. */
    void dispatch(Loop loop, Consumer<Loop> begin, Runnable refuse) {
        onHub(
                () -> {
                    var offer = new Offer(seats.get(loop.index()), begin, refuse);
                    offer.stays = true;
                    offer(offer);
                },
                refuse);
    }

    /**
     * Tells whose turn it is.
     *
     * @param refuse called instead if the group has ended
     */
    void choose(Consumer<Loop> chosen, Runnable refuse) {
        onHub(() -> chosen.accept(nextPresent().loop), refuse);
    }

    private void onHub(Runnable action, Runnable refuse) {
        if (acceptor.eventLoop().inEventLoop()) {
            action.run();
            return;
        }
        try {
            acceptor.eventLoop().execute(action);
        } catch (RejectedExecutionException e) {
            refuse.run(); // the group is shutting down
        }
    }

    /** The next in turn; if all are late, the next of these. */
    private Seat nextPresent() {
        for (int i = 0; i < seats.size(); i++) {
            Seat seat = nextSeat();
            if (!seat.isLate.get()) {
                return seat;
            }
        }
        return nextSeat();
    }

    private Seat nextSeat() {
        Seat seat = seats.get(next);
        next = next + 1 == seats.size() ? 0 : next + 1;
        return seat;
    }

    private void offer(Offer offer) {
        forgetTaken();
        offer.seat.offer(offer);
        keep(offer);
    }

    private void keep(Offer offer) {
        offer.until = acceptor.nanoTime() + PATIENCE.toNanos();
        open.addLast(offer);
        if (!timer.isScheduled()) {
            timer.schedule(offer.until);
        }
    }

    private void forgetTaken() {
        while (!open.isEmpty() && open.getFirst().isTaken()) {
            open.removeFirst();
        }
    }

    /** What was not taken in time goes to others. */
    private void offerAgain() {
        long now = acceptor.nanoTime();
        for (Offer offer; (offer = open.pollFirst()) != null; ) {
            if (offer.isTaken()) {
                continue;
            }
            if (offer.until - now > 0) {
                open.addFirst(offer);
                timer.schedule(offer.until);
                return;
            }
            offer.seat.isLate();
            offerToOthers(offer);
            keep(offer);
        }
    }

    private void offerToOthers(Offer offer) {
        Seat before = offer.seat;
        if (offer.stays) {
            return;
        }
        if (isAnyPresent()) {
            offer.seat = nextPresent();
            offer.seat.offer(offer);
        } else {
            offer.stays = true;
            seats.stream().filter(seat -> seat != before).forEach(seat -> seat.offer(offer));
        }
    }

    /** Whether there is a loop that takes what it is offered, as far as is known. */
    boolean isAnyPresent() {
        return late.get() < seats.size();
    }

    /** No loop need take what none has taken yet. */
    void refuseAll() {
        try {
            acceptor.eventLoop().execute(() -> List.copyOf(open).forEach(Offer::refuse));
        } catch (RejectedExecutionException e) {
            // the group has ended
        }
    }
}
