"""gevent's pywsgi without its request log, and with Nagle's algorithm off: stock, it waits for it at each response."""

import sys
from pathlib import Path

from gevent import socket
from gevent.pywsgi import WSGIServer

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from plaintext import HEADERS, application  # noqa: E402

# as all the others
HEADERS.append(("Server", "pywsgi"))

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
# what is accepted has it too
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
listener.bind(("127.0.0.1", 0))
listener.listen(2048)
server = WSGIServer(listener, application, log=None)
server.start()
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
