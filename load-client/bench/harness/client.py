"""The load generators: client.c, and the load client's jar where there is no C compiler."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from harness.host import BENCH, PROJECT, give_up, progress

# what may go wrong with a connection; all zero in a good run
DAMAGE = ("refused", "errors", "mismatches", "unanswered", "silent")
# a machine that is busy with something else loses nothing, it is only late: seen in the latencies
PATIENCE = "60s"
JAR = PROJECT / "load-client" / "target" / "load-client.jar"


def client(options, folder):
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler:
        return CompiledClient(compiler, options, folder)
    progress("no C compiler (cc, or what CC names): loading with the load client's jar, which may be the slower side")
    return JarClient(options, folder)


class CompiledClient:
    def __init__(self, compiler, options, folder):
        self.core = options.client_core
        self.program = Path(folder) / "client"
        made = subprocess.run([compiler, "-O2", "-o", self.program, BENCH / "client.c"], capture_output=True, text=True)
        if made.returncode != 0:
            give_up(f"client.c does not compile:\n{made.stderr}")

    def run(self, server, connections, size, warmup, seconds, reset=True):
        command = [
            self.program, "--connections", connections, "--size", size, "--warmup", warmup, "--seconds", seconds,
            "--server-pid", server.pid, *(["--reset"] if reset else []), server.host, server.port,
        ]  # fmt: skip
        ran = pinned(command, self.core)
        if ran.returncode != 0:
            give_up(f"{server.name}: {ran.stderr.strip()}")
        run = json.loads(ran.stdout)
        # a first session on a busy machine may be over before the server is awake; but then nothing went wrong either
        if run["operations"] == 0 and any(run[kind] for kind in DAMAGE if kind != "silent"):
            give_up(f"{server.name} answered nothing: {ran.stdout.strip()}")
        return run


def pinned(command, core):
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )


class JarClient:
    """Its figures include the start and the end of the session, its CPU reading too: the ratio stays right."""

    def __init__(self, options, folder):
        if not JAR.exists():
            give_up(f"{JAR.relative_to(PROJECT)} is missing: build it first (mvn -Dmaven.test.skip package)")
        self.core = options.client_core
        self.java = [options.java, *shlex.split(options.java_options)]
        self.report = Path(folder) / "load-client.json"

    def run(self, server, connections, size, warmup, seconds, reset=True):
        """How connections are closed is the jar's own choice: `reset` is not looked at."""
        before = server.cpu()
        command = [
            *self.java, "-jar", JAR, f"{server.host}:{server.port}", "--mode", "coroutines", "--loops", "1",
            "--connections", connections, "--size", size, "--duration", f"{round(1000 * (warmup + seconds))}ms",
            "--timeout", PATIENCE, "--json", self.report,
        ]  # fmt: skip
        self.report.unlink(missing_ok=True)
        ran = pinned(command, self.core)
        if not self.report.exists():
            give_up(f"{server.name}: the load client ended with {ran.returncode}: {ran.stderr.strip()}")
        said = json.loads(self.report.read_text())
        for failure in said["failures"]:
            progress(f"{server.name}: {failure['count']} connections failed: {failure['reason']}")
        # what is lost is made anew: there may be more connections than were asked for
        refused = sum(error["count"] for error in said["errors"] if error["kind"] in ("start", "connect"))
        latency = said["latency_ms"] or {"p50": 0, "p99": 0}
        return {
            "operations": said["messages"],
            "seconds": said["seconds"],
            "server_cpu": server.cpu() - before,
            "p50": 1000 * latency["p50"],
            "p99": 1000 * latency["p99"],
            "refused": refused,
            "errors": said["connections"]["failed"] - refused,
            "mismatches": said["mismatches"],
            "unanswered": said["unanswered"] + said["not_sent"],
            "silent": 0,
        }
