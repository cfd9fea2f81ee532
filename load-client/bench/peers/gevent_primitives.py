"""The programs of ../jmh in gevent, row by row. Prints the CPU time of one operation in nanoseconds.

Usage: gevent_primitives.py ROW [ARGUMENT] --warmup SECONDS --seconds SECONDS
"""

import argparse
import statistics
import time

import gevent
from gevent.event import Event
from gevent.lock import Semaphore
from gevent.pool import Pool
from gevent.queue import Channel, Queue
from greenlet import greenlet

OPERATIONS = 100_000
MANY = 1000


def nothing():
    pass


def spawn_join(together):
    for _ in range(OPERATIONS // together):
        gevent.joinall([gevent.spawn(nothing) for _ in range(together)])


def switch():
    """By the hub, as all that blocks in gevent: it is told who goes on, then gets the control."""
    hub = gevent.get_hub()
    turn = 0

    def alternate(own, other):
        nonlocal turn
        for left in reversed(range(OPERATIONS // 2)):
            while turn != own:
                hub.switch()
            turn = 1 - own
            if left or own == 0:  # nobody waits for the very last one
                hub.loop.run_callback(other.switch)

    first = gevent.getcurrent()
    second = gevent.spawn(alternate, 1, first)
    gevent.sleep(0)  # so that it waits
    alternate(0, second)
    second.join()


def generator_send():
    """A greenlet that is switched to and back, without the hub."""

    def body(value):
        while value is not None:
            value = consumer.switch(value)

    consumer = gevent.getcurrent()
    echo = greenlet(body)
    for _ in range(OPERATIONS):
        echo.switch("value")


def yielding(coroutines):
    def body():
        for _ in range(OPERATIONS // coroutines):
            gevent.sleep(0)

    gevent.joinall([gevent.spawn(body) for _ in range(coroutines)])


def queue_put_get(capacity):
    transfer(Queue(capacity or None))


def rendezvous():
    transfer(Channel())


def transfer(queue):
    def produce():
        for _ in range(OPERATIONS):
            queue.put("item")

    gevent.spawn(produce)
    for _ in range(OPERATIONS):
        queue.get()


def semaphore_uncontended():
    semaphore = Semaphore(1)
    for _ in range(OPERATIONS):
        semaphore.acquire()
        semaphore.release()


def semaphore_contended():
    wanting = 10
    semaphore = Semaphore(1)

    def body():
        for _ in range(OPERATIONS // wanting):
            semaphore.acquire()
            gevent.sleep(0)
            semaphore.release()

    gevent.joinall([gevent.spawn(body) for _ in range(wanting)])


def imap_unordered():
    total = sum(Pool(10).imap_unordered(lambda i: i, range(OPERATIONS)))
    assert total == OPERATIONS * (OPERATIONS - 1) // 2


def event_wake():
    rounds = [(Event(), Event(), []) for _ in range(OPERATIONS // MANY)]

    def wait():
        for go, everyone, reported in rounds:
            go.wait()
            reported.append(None)
            if len(reported) == MANY:
                everyone.set()

    for _ in range(MANY):
        gevent.spawn(wait)
    gevent.sleep(0)
    for go, everyone, _ in rounds:
        go.set()
        everyone.wait()


def timer_set_cancel(_others):
    for _ in range(OPERATIONS):
        gevent.Timeout.start_new(3600).close()


def other_timers(others):
    return [gevent.spawn_later(1800 + i * 2_654_435_761 % 3600, nothing) for i in range(others)]


ROWS = {
    "spawn_join": spawn_join,
    "switch": switch,
    "generator_send": generator_send,
    "yield": yielding,
    "queue_put_get": queue_put_get,
    "rendezvous": rendezvous,
    "semaphore_uncontended": semaphore_uncontended,
    "semaphore_contended": semaphore_contended,
    "imap_unordered": imap_unordered,
    "event_wake": event_wake,
    "timer_set_cancel": timer_set_cancel,
}


def nanoseconds(program):
    began = time.process_time_ns()
    program()
    return (time.process_time_ns() - began) / OPERATIONS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("row", choices=ROWS)
    parser.add_argument("argument", type=int, nargs="?")
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    asked = parser.parse_args()
    row = ROWS[asked.row]
    others = other_timers(asked.argument) if row is timer_set_cancel else []
    arguments = [] if asked.argument is None else [asked.argument]

    figures = []
    for seconds in (asked.warmup, asked.seconds):
        figures.clear()
        end = time.monotonic() + seconds
        while not figures or time.monotonic() < end:
            figures.append(nanoseconds(lambda: row(*arguments)))
    gevent.killall(others)
    print(statistics.fmean(figures))


if __name__ == "__main__":
    main()
