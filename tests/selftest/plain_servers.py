"""Servers on 127.0.0.1 that behave badly, each in a thread of its own."""

from contextlib import contextmanager
from contextlib import suppress

import socket
import threading


@contextmanager
def raw(talk, context=None):
    """The port at which `talk(connection, stop)` is called for each connection, in TLS with a `context`.

    `stop` is an event: set at the end, so that nobody drips for ever.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()
    threads = []

    def converse(connection):
        with suppress(OSError), connection if context is None else context.wrap_socket(connection, True) as spoken:
            spoken.settimeout(10)
            talk(spoken, stop)

    def accept():
        with suppress(OSError):
            while True:
                thread = threading.Thread(target=converse, args=(listener.accept()[0],))
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [accepting, *threads]:
            thread.join(10)


def head_of(connection):
    """The request up to its empty line."""
    head = b""
    while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
        head += piece
    return head


def answering(data):
    """A talk that reads a request and sends `data`."""

    def talk(connection, stop):
        head_of(connection)
        connection.sendall(data)

    return talk


def dripping(start, piece, every=0.05):
    """A talk that sends `start` and then `piece` again and again, `every` so many seconds."""

    def talk(connection, stop):
        head_of(connection)
        connection.sendall(start)
        while not stop.wait(every):
            connection.sendall(piece)

    return talk


def silent(connection, stop):
    """A talk that takes the request and says nothing."""
    stop.wait(30)


def closed_port():
    """A port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def fixed(status, body=b"", **headers):
    """A WSGI application with one answer, which notes in `.asked` what it was asked."""

    def app(environ, start_response):
        app.asked.append(environ)
        start_response(f"{status} X", [(name.replace("_", "-"), value) for name, value in headers.items()])
        return [body]

    app.asked = []
    return app
