"""gevent's pywsgi without its request log, and with Nagle's algorithm off: stock, it waits for it at each response."""

import socket
import sys
from pathlib import Path

from gevent.pywsgi import WSGIServer
from gevent.server import StreamServer

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from plaintext import application  # noqa: E402

listener = StreamServer.get_listener(("127.0.0.1", 0), backlog=2048)
# what is accepted has it too
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
server = WSGIServer(listener, application, log=None)
server.start()
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
