"""The WSGI application that gunicorn and pywsgi serve."""

HELLO = b"Hello, World!"
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(HELLO)))]


def application(_environ, start_response):
    start_response("200 OK", HEADERS)
    return [HELLO]
