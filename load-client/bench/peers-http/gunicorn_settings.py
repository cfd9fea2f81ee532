"""gunicorn with its gevent worker, one of it for the one core. It sets TCP_NODELAY itself."""

bind = "127.0.0.1:0"
worker_class = "gevent"
workers = 1
worker_connections = 20_000
backlog = 2048
keepalive = 600


def when_ready(server):
    host, port = server.LISTENERS[0].sock.getsockname()
    print(f"listening on {host}:{port}", flush=True)
