"""WSGI applications, such as the local edge, on a real socket in a thread of the tests."""

from collective.cfprivate.cloudfront import Verifier
from collective.cfprivate.edge import Edge
from contextlib import contextmanager

import threading
import waitress


@contextmanager
def served(app):
    """The port on 127.0.0.1 at which waitress serves `app`."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4, ident="")
    thread = threading.Thread(target=server.run)
    thread.start()
    pulled = threading.Event()

    def close():
        # In the thread of the loop, which ends when its map is empty; and not before the trigger was pulled: a loop
        # that is awake already would close it under the hand that pulls.
        pulled.wait(10)
        server.asyncore.close_all(server._map)

    try:
        yield server.effective_port
    finally:
        server.trigger.pull_trigger(close)
        pulled.set()
        thread.join(10)
        server.task_dispatcher.shutdown()


@contextmanager
def serve_edge(root, keys, **options):
    """``host:port`` of an edge that serves the files under ``root`` and trusts ``keys``: public PEM texts by id."""
    with served(Edge(root, Verifier(keys), **options)) as port:
        yield f"127.0.0.1:{port}"
