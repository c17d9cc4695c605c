"""What stands between a browser and the product, and can fall silent (it still takes websockets, and says nothing) or
cut every line."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_WEBSOCKET = b"transport=websocket"


class Between:
    """A TCP proxy. Once ``is_silent``, a connection that asked for a websocket stays open and carries nothing; while it
    ``is_cut``, there is nobody behind it."""

    def __init__(self, port: int) -> None:
        self.behind = port
        self.is_silent = self.is_cut = False
        self.hung = 0  # websockets that were asked for since then
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listening]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def serve(self) -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                came, _from = self._listening.accept()
                if self.is_cut:
                    came.close()
                    continue
                self._open.append(came)
                threading.Thread(target=self._take, args=(came,), daemon=True).start()

    def _take(self, came: socket.socket) -> None:
        with suppress(OSError):
            first = came.recv(65536)
            is_websocket = _WEBSOCKET in first.split(b"\r\n", 1)[0]
            if is_websocket and self.is_silent:
                self.hung += 1
                return
            onward = socket.create_connection(("127.0.0.1", self.behind))
            self._open.append(onward)
            onward.sendall(first)
            threading.Thread(target=self._pour, args=(onward, came, is_websocket), daemon=True).start()
            self._pour(came, onward, is_websocket)

    def _pour(self, source: socket.socket, target: socket.socket, is_websocket: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not (is_websocket and self.is_silent):
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Lose every line; the next one is taken when ``is_cut`` is false again."""
        self.is_cut = True
        _end(self._open[1:])
        del self._open[1:]

    def close(self) -> None:
        _end(self._open)


def _end(lines: list[socket.socket]) -> None:
    for one in lines:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def between(port: int) -> Iterator[Between]:
    """Something between, for as long as the test takes."""
    found = Between(port)
    threading.Thread(target=found.serve, daemon=True).start()
    try:
        yield found
    finally:
        found.close()
