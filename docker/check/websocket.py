"""Opens a WebSocket, sends a text, expects it back, and closes: argv HOST PORT PATH. No library: some bytes."""

import base64
import os
import socket
import struct
import sys

host, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def frame(opcode, payload):
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return struct.pack("!BB", 0x80 | opcode, 0x80 | len(payload)) + mask + masked


def expect(found, expected, what):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")


with socket.create_connection((host, port), timeout=10) as connection:
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    stream = connection.makefile("rb")
    expect(stream.readline().split()[1], b"101", "status")
    while stream.readline().strip():
        pass
    connection.sendall(frame(1, b"hello"))
    expect(stream.read(7), b"\x81\x05hello", "echo")
    connection.sendall(frame(8, struct.pack("!H", 1000)))
    expect(stream.read(4), b"\x88\x02" + struct.pack("!H", 1000), "close")
    expect(stream.read(), b"", "end")
