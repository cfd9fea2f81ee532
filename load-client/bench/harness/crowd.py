"""Many connections that mostly do nothing."""

import itertools
import os
import socket
import time

from harness import host, web

ACCEPT_SECONDS = 30
REPLY_SECONDS = 10
# an address has 28 232 ephemeral ports by default (ip_local_port_range)
CONNECTIONS_PER_SOURCE = 20_000
IP_BIND_ADDRESS_NO_PORT = 24  # ip(7); Python has no name for it


class Crowd:
    def __init__(self, server, count, size):
        self.server = server
        self.size = size
        self.lost = 0
        self.before = self._descriptors()
        self.message = itertools.count(1)
        self.members = []
        for index in range(count):
            self.members.append(self._connect(f"127.0.0.{1 + index // CONNECTIONS_PER_SOURCE}"))

    def _connect(self, source):
        member = socket.socket()
        member.settimeout(REPLY_SECONDS)
        # the port is chosen when connecting, so that one which still waits for another server's packets will do
        member.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        member.bind((source, 0))
        member.connect((self.server.host, self.server.port))
        return member

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for member in self.members:
            member.close()

    def _descriptors(self):
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in host.family(self.server.pid))

    def wait_until_accepted(self):
        """The kernel completes a connection before the server knows of it: looks for them among its descriptors."""
        end = time.monotonic() + ACCEPT_SECONDS
        while self._descriptors() < self.before + len(self.members):
            if time.monotonic() > end:
                raise TimeoutError(f"{self.server.name} has not accepted {len(self.members)} connections")
            time.sleep(0.05)

    def echo(self):
        """One message on each; a connection that does not answer it rightly is lost."""
        staying = []
        for member in self.members:
            try:
                answered = self._exchange(member)
            except OSError:
                answered = False
            if answered:
                staying.append(member)
            else:
                self.lost += 1
                member.close()
        self.members = staying

    def _exchange(self, member):
        """Whether the server answers rightly."""
        message = next(self.message).to_bytes(8, "big").rjust(self.size, b".")[-self.size :]
        member.sendall(message)
        reply = b""
        while len(reply) < self.size and (more := member.recv(self.size - len(reply))):
            reply += more
        return reply == message


class WebCrowd(Crowd):
    """The same of HTTP: a request on each, and the connection stays."""

    def _exchange(self, member):
        member.sendall(f"GET {web.PATH} HTTP/1.1\r\nHost: {self.server.host}\r\n\r\n".encode())
        reply = b""
        while not reply.endswith(web.BODY) and (more := member.recv(4096)):
            reply += more
        return reply.startswith(b"HTTP/1.1 200 ") and reply.endswith(b"\r\n\r\n" + web.BODY)
