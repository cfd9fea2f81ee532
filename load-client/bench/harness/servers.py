"""The servers that are compared: how each is built, started, pinned to its core and ended."""

import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

from harness import host
from harness.host import BENCH, PROJECT, find_gevent, give_up

KNOWN = ("weft-epoll", "netty-epoll", "weft-uring", "netty-uring", "jdk", "gevent")
TRANSPORTS = {"epoll": "epoll", "uring": "io_uring"}
PEERS = BENCH / "peers"
JAR = PROJECT / "echo-server" / "target" / "echo-server.jar"
START_SECONDS = 60
ANY_ADDRESS = ("0.0.0.0", "::", "[::]", "*")

# Weft opens these by its jar's manifest; started by a class path it needs them said, and the others do not mind.
JAVA_ACCESS = "--enable-native-access=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED"


class Unavailable(Exception):
    """This machine cannot run that server; the others still can be compared."""


class Server:
    def __init__(self, name, command, core, folder):
        self.name = name
        self.log = Path(folder) / f"{name}.log"
        # a file, not a pipe: a server that says much must not come to wait for a reader
        with self.log.open("wb") as said:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                # inherited by every thread; a JVM sizes its pools by it
                preexec_fn=lambda: os.sched_setaffinity(0, {core}),
            )
        self.pid = self.process.pid
        try:
            self.host, self.port = self._listening()
        except BaseException:  # a signal to end too: nobody else knows of this process yet
            self.stop()
            raise

    def _listening(self):
        end = time.monotonic() + START_SECONDS
        ended = False
        while not ended and time.monotonic() < end:
            # asked before the file is read: what it said last is not missed
            ended = self.process.poll() is not None
            said = self.log.read_text(errors="replace")
            found = re.search(r"listening on (?:http://)?(\S+):(\d+)\b.*\n", said)
            if found:
                host_name = found.group(1)
                return ("127.0.0.1" if host_name in ANY_ADDRESS else host_name), int(found.group(2))
            time.sleep(0.02)
        lines = said.strip().splitlines()
        raise Unavailable(f"{self.name} did not say `listening on HOST:PORT`; it said: " + " / ".join(lines[:4]))

    def cpu(self):
        """Of all its processes: some servers have workers."""
        return sum(host.cpu_seconds(pid) for pid in host.family(self.pid))

    def resident_kib(self):
        return sum(host.resident_kib(pid) for pid in host.family(self.pid))

    def settle(self):
        """Waits until the server has dealt with what it was sent, and is quiet."""
        before = self.cpu()
        for _ in range(50):
            time.sleep(0.1)
            after = self.cpu()
            # one tick: some peers have timers
            if after - before <= 1.5 / host.TICKS:
                return
            before = after

    def live_heap_kib(self, java):
        """Collects garbage, then says what is left; None for a server that is no JVM."""
        if Path(f"/proc/{self.pid}/comm").read_text().strip() != "java":
            return None
        jcmd = Path(java).with_name("jcmd")
        # twice: what a first collection only unlinks (cleaners, references) the second one frees
        for _ in range(2):
            subprocess.run([jcmd, str(self.pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
        said = subprocess.run([jcmd, str(self.pid), "GC.heap_info"], capture_output=True, text=True, check=True).stdout
        return sum(int(used) for used in re.findall(r"total .*?\bused (\d+)K", said))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Fleet:
    """Makes the commands, compiles the Java peers once, and lets no server outlive the measurement."""

    jar = JAR
    peers = PEERS

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.compiled = None
        self.servers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.stop()

    def start_all(self, names):
        for name in names:
            try:
                self.servers.append(Server(name, self._command(name), self.options.server_core, self.folder))
            except Unavailable as reason:
                host.progress(f"left out: {reason}")
        return self.servers

    def _command(self, name):
        if name in self.options.commands:
            return self._filled(self.options.commands[name], "epoll")
        kind, _, transport = name.partition("-")
        if kind == "weft":
            return self._weft(TRANSPORTS[transport])
        if kind == "netty":
            return self._java_peer("NettyEcho", TRANSPORTS[transport])
        if kind == "jdk":
            return self._java_peer("VirtualThreadEcho")
        python = find_gevent()
        if python is None:
            raise Unavailable("gevent: no python3 here can import it (the package is python3-gevent)")
        return [python, str(PEERS / "gevent_echo.py")]

    def _weft(self, transport):
        if self.options.weft_command:
            return self._filled(self.options.weft_command, transport)
        self._need_jar()
        return [
            self.options.java, *shlex.split(self.options.java_options), "-jar", str(self.jar),
            "--host", "127.0.0.1", "--port", "0", "--loops", "1", "--transport", transport,
        ]  # fmt: skip

    def _filled(self, command, transport):
        words = {"java": self.options.java, "transport": transport, "java_options": self.options.java_options}
        for key, value in words.items():
            command = command.replace("{" + key + "}", value)
        # no shell: the process that is measured has to be the server itself
        return shlex.split(command)

    def _java_peer(self, main, *arguments):
        return [
            self.options.java, *shlex.split(self.options.java_options),
            # one core, one carrier: what the scheduler would choose by itself, unless told otherwise
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-cp", f"{self._compile()}:{self._classpath()}", main, *arguments,
        ]  # fmt: skip

    def _compile(self):
        if self.compiled is None:
            self.compiled = Path(self.folder) / "peers"
            javac = Path(self.options.java).with_name("javac")
            sources = sorted(str(source) for source in self.peers.glob("*.java"))
            made = subprocess.run(
                [javac, "-d", self.compiled, "-cp", self._classpath(), *sources], capture_output=True, text=True
            )
            if made.returncode != 0:
                give_up(f"the peers do not compile:\n{made.stderr}")
        return self.compiled

    def _classpath(self):
        if self.options.netty_classpath:
            return self.options.netty_classpath
        self._need_jar()
        return str(self.jar)

    def _need_jar(self):
        if not self.jar.exists():
            give_up(f"{self.jar.relative_to(PROJECT)} is missing: build it first (mvn -Dmaven.test.skip package)")
