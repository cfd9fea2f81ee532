"""Warming up, and taking turns round after round."""

import time

from harness import host, quiet


class Rounds:
    """`session(server, connections, warmup, seconds, reset)` loads a server once and says what came of it; `damage`
    names what may have gone wrong in it."""

    def __init__(self, asked, servers, session, damage):
        self.asked = asked
        self.servers = servers
        self.session = session
        self.damage = damage

    def warm_up(self, times=1):
        for server in self.servers:
            # Twice: when the first session's connections close, the JIT throws hot code away once. And in both ways a
            # connection can end, so that neither is a novelty later.
            for reset in (False, True) * times:
                for connections in self.asked.connections:
                    self.session(server, connections, 0, self.asked.session, reset)
                    server.settle()
            host.progress(f"warm: {server.name}")

    def measure(self, connections):
        runs = {server.name: [] for server in self.servers}
        for number in range(self.asked.rounds):
            # back and forth: nobody always runs behind the same neighbour
            for server in self.servers if number % 2 == 0 else self.servers[::-1]:
                run = self._quietest(server, connections)
                runs[server.name].append(run)
                disturbed = run["disturbed"]
                host.progress(
                    f"{connections} connections, round {number + 1}: {server.name:12} "
                    f"{run['per_cpu'] / 1e3:6.1f} k per CPU second, "
                    f"{run['operations'] / run['seconds'] / 1e3:6.1f} k/s, "
                    f"CPU {run['server_cpu'] / run['seconds']:.0%}, p99 {run['p99']:.0f} µs"
                    + "".join(f", {run[kind]} {kind}" for kind in self.damage if run[kind])
                    + (f" (others used {disturbed:.0%} of a core)" if disturbed > self.asked.quiet else "")
                )
        return runs

    def _quietest(self, server, connections):
        """A measurement that other programs disturbed is made again; the least disturbed one counts."""
        asked = self.asked
        cores = asked.server_core, asked.client_core
        others = [other for other in self.servers if other is not server]
        runs = []
        for _ in range(1 + asked.retries):
            with quiet.Disturbance(cores, self.servers) as disturbance:
                idle, began = sum(other.cpu() for other in others), time.monotonic()
                run = self.session(server, connections, asked.warmup, asked.seconds, True)
                run["idle"] = (sum(other.cpu() for other in others) - idle) / (time.monotonic() - began)
            server.settle()
            run["disturbed"] = disturbance.share
            run["per_cpu"] = run["operations"] / max(run["server_cpu"], 1 / host.TICKS)
            runs.append(run)
            if run["disturbed"] <= asked.quiet:
                break
            if len(runs) <= asked.retries:
                quiet.wait(cores, self.servers, asked.quiet)
        if not all(run["operations"] for run in runs):
            host.give_up(f"{server.name}: no reply at all within {asked.seconds:g} s, there is nothing to compare")
        best = min(runs, key=lambda run: run["disturbed"])
        # a failure is never measured away
        counted = {kind: sum(run[kind] for run in runs) for kind in self.damage}
        return best | counted | {"damage": sum(counted.values())}
