"""An edge that takes connections and never answers. It counts them, for each is a worker that waits."""

from contextlib import contextmanager
from contextlib import suppress

import select
import socket
import threading


class StalledEdge:
    """``open`` connections there are now, ``most`` there were at one moment, ``begun`` altogether."""

    def __init__(self):
        self.most = 0
        self.begun = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host = "127.0.0.1:{1}".format(*self._listener.getsockname())
        self._connections = set()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def open(self):
        return len(self._connections)

    def wait_until_begun(self, number):
        """Wait for so many connections."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.begun >= number, timeout=60)

    def close(self):
        """Hang up on all, and take no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    def _run(self):
        with suppress(OSError):
            while True:
                ready, _, _ = select.select([self._listener, *self._connections], [], [])
                # Before one is taken: who comes after another has hung up does not wait beside it.
                self._forget_the_ended()
                if self._listener in ready:
                    self._take(self._listener.accept()[0])
        for connection in [self._listener, *self._connections]:
            connection.close()

    def _take(self, connection):
        connection.setblocking(False)
        with self._changed:
            self._connections.add(connection)
            self.begun += 1
            self.most = max(self.most, self.open)
            self._changed.notify_all()

    def _forget_the_ended(self):
        for connection in [each for each in self._connections if has_ended(each)]:
            self._connections.remove(connection)
            connection.close()


def has_ended(connection):
    """Whether the other side has hung up; whatever it said is read and forgotten."""
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    return True


@contextmanager
def stalled_edge():
    edge = StalledEdge()
    try:
        yield edge
    finally:
        edge.close()
