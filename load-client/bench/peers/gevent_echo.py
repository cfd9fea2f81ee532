"""gevent's StreamServer as its documentation has it, with Nagle's algorithm off as in all the other peers."""

import socket

from gevent.server import StreamServer


def echo(connection, _address):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while data := connection.recv(1024):
            connection.sendall(data)
    except OSError:
        pass  # a client that resets its connections is part of the plan


server = StreamServer(("127.0.0.1", 0), echo, backlog=1024)
server.start()
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
