"""How much other programs disturb a measurement."""

import resource
import time
from pathlib import Path

from harness.host import TICKS


class Disturbance:
    """What others used of the two cores while this block ran, as a share of one core."""

    def __init__(self, cores, servers):
        self.cores = [f"cpu{core}" for core in cores]
        self.servers = servers

    def __enter__(self):
        self.began, self.foreign = time.monotonic(), self._foreign()
        return self

    def __exit__(self, *_):
        self.share = max(0.0, (self._foreign() - self.foreign) / (time.monotonic() - self.began))

    def _foreign(self):
        busy = 0
        for line in Path("/proc/stat").read_text().splitlines():
            fields = line.split()
            if fields[0] in self.cores:
                # user, nice, system, steal. Not the interrupts: on loopback most of them are our own.
                busy += sum(int(fields[column]) for column in (1, 2, 3, 8))
        mine = sum(server.cpu() for server in self.servers)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
            usage = resource.getrusage(who)
            mine += usage.ru_utime + usage.ru_stime
        return busy / TICKS - mine


def wait(cores, servers, limit, patience=30):
    """Until others use no more than that share of a core; not for ever, for some machines are never quiet."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with Disturbance(cores, servers) as disturbance:
            time.sleep(1)
        if disturbance.share <= limit:
            return
