"""The HTTP load generator: wrk."""

import json
import re
import shutil

from harness.client import pinned
from harness.host import BENCH, give_up

# what may go wrong; all zero in a good run
DAMAGE = ("refused", "errors", "statuses", "late")
# wrk counts a reply that takes longer as `late`
PATIENCE = "10s"


class Wrk:
    def __init__(self, options):
        self.core = options.client_core
        self.program = shutil.which("wrk")
        if not self.program:
            give_up("expected wrk on the path; Debian's package is called wrk")

    def run(self, server, connections, path, seconds, *request):
        """One session; the server's CPU is read around it, so connecting and closing are in it."""
        before = server.cpu()
        command = [
            self.program, "--threads", 1, "--connections", connections, "--duration", f"{round(seconds)}s",
            "--timeout", PATIENCE, "--script", BENCH / "harness" / "wrk.lua",
            f"http://{server.host}:{server.port}{path}", *(["--", *request] if request else []),
        ]  # fmt: skip
        ran = pinned(command, self.core)
        found = re.search(r"^report: (.*)$", ran.stdout, re.MULTILINE)
        if not found:
            give_up(f"{server.name}: wrk ended with {ran.returncode}: {(ran.stderr or ran.stdout).strip()}")
        run = json.loads(found.group(1))
        run["server_cpu"] = server.cpu() - before
        return run
