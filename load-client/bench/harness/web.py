"""The HTTP servers that are compared: how each is started. They all answer /plaintext with the same body."""

import shlex
import shutil
import subprocess
from http.client import HTTPConnection
from pathlib import Path

from harness import host
from harness.host import BENCH, PROJECT, find_gevent, give_up
from harness.servers import TRANSPORTS, Fleet, Unavailable

KNOWN = ("weft", "netty", "weft-wsgi", "weft-demo", "weft-uring", "undertow", "helidon", "gunicorn", "pywsgi")
PEERS = BENCH / "peers-http"
JAR = PROJECT / "http-server" / "target" / "http-server.jar"
JAVA_PEERS = {"netty": "NettyHttp", "undertow": "UndertowHttp", "helidon": "HelidonHttp"}
# of Weft: the application, and the transport
WEFT = {
    "weft": ("Plaintext", "epoll"),
    "weft-uring": ("Plaintext", "uring"),
    "weft-wsgi": ("PlaintextWsgi", "epoll"),
    "weft-demo": (None, "epoll"),
}
# the tables' figures are of the same request at all of them
PATH = "/plaintext"
BODY = b"Hello, World!"
HEADERS = ("Content-Type", "Content-Length", "Date", "Server")
PATIENCE_SECONDS = 10


class WebFleet(Fleet):
    jar = JAR
    peers = PEERS

    def _command(self, name):
        if name in self.options.commands:
            return self._filled(self.options.commands[name], "epoll")
        if name in WEFT:
            return self._weft_web(*WEFT[name])
        if name in JAVA_PEERS:
            return self._java_peer(JAVA_PEERS[name])
        return self._python_peer(name)

    def _weft_web(self, application, transport):
        if self.options.weft_command:
            return self._filled(self.options.weft_command, TRANSPORTS[transport])
        self._need_jar()
        return [
            self.options.java, *shlex.split(self.options.java_options), "-jar", str(JAR),
            "--bind", "127.0.0.1:0", "--workers", "1", "--transport", TRANSPORTS[transport],
            "--worker-connections", "20000", "--keep-alive", "600s",
            *(["--class-path", str(self._compile()), application] if application else []),
        ]  # fmt: skip

    @staticmethod
    def _python_peer(name):
        python = find_gevent()
        if python is None:
            raise Unavailable(f"{name}: no python3 here can import gevent (the package is python3-gevent)")
        if name == "pywsgi":
            return [python, str(PEERS / "pywsgi_http.py")]
        tried = subprocess.run([python, "-c", "import gunicorn"], capture_output=True)
        if tried.returncode != 0:
            raise Unavailable(f"gunicorn: {python} cannot import it (the package is python3-gunicorn)")
        return [
            python, "-B", "-m", "gunicorn", "--config", str(PEERS / "gunicorn_settings.py"),
            "--chdir", str(PEERS), "plaintext:application",
        ]  # fmt: skip

    def _classpath(self):
        """Weft's jar, which has Netty in it, and what Maven says the other peers need."""
        if self.options.peer_classpath is None:
            written = Path(self.folder) / "classpath"
            maven = shutil.which("mvn")
            if maven is None:
                give_up("expected Maven on the path, for the peers' class path; or give one with --peer-classpath")
            asked = subprocess.run(
                [maven, "-q", "-B", "-f", PEERS / "pom.xml", "dependency:build-classpath",
                 f"-Dmdep.outputFile={written}"],
                capture_output=True, text=True,
            )  # fmt: skip
            if asked.returncode != 0:
                give_up(f"Maven does not find Undertow and Helidon:\n{asked.stdout}")
            self.options.peer_classpath = written.read_text().strip()
        self._need_jar()
        return f"{self.options.netty_classpath or JAR}:{self.options.peer_classpath}"


def check(server):
    """That it answers as all the others do, and says date and length: else less work is measured as speed."""
    connection = HTTPConnection(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    missing = [name for name in HEADERS if answer.getheader(name) is None]
    if answer.status != 200 or body != BODY or missing:
        give_up(f"{server.name} answers with {answer.status}, {body[:80]}, without {missing or 'nothing'}")
    host.progress(f"up: {server.name}, which says {', '.join(name for name, _ in answer.getheaders())}")
