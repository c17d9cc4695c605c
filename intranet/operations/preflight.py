"""What can stand in the way of a start, each found before anything is changed and told in one line with its remedy."""

import errno
import fcntl
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "couth.lock"


class CannotStart(Exception):
    """One line for the person who starts the product."""


def require_writable(data: Path) -> None:
    """Have the data folder there, closed to other people, and writable.

    Raises:
        CannotStart: it can't be had.
    """
    remedy = "give this user the right to write there, or name another folder with --data or COUTH_DATA"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=data):
            pass
    except OSError as error:
        raise CannotStart(f"The data folder {data} cannot be written ({error.strerror}): {remedy}.") from error


def require_free_port(host: str, port: int) -> None:
    """See that a web process will get its address.

    Raises:
        CannotStart: it is taken, not this machine's, or not for this user.
    """
    place = f"port {port} on {host}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except PermissionError as error:
        raise CannotStart(f"This user may not serve on {place}: choose one above 1023 with --port.") from error
    except socket.gaierror as error:
        raise CannotStart(f"{host} is no address of this machine: correct --host or COUTH_HOST.") from error
    except OSError as error:
        state = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        remedy = "stop what uses it, or choose another with --port"
        raise CannotStart(f"{place.capitalize()} {state}: {remedy}.") from error


def require_redis(url: str, *, web: int) -> None:
    """See that Redis answers where it is set, and that it is set where several web processes need it.

    Raises:
        CannotStart: it is not set, or does not answer.
    """
    if not url:
        if web > 1:
            raise CannotStart("Several web processes tell each other who is typing through Redis: set COUTH_REDIS_URL.")
        return
    import redis  # noqa: PLC0415 (6 MB, where it is set)

    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        place = url.rsplit("@", 1)[-1]  # without the password
        remedy = "start it, or correct COUTH_REDIS_URL"
        raise CannotStart(f"Redis at {place} does not answer ({error}): {remedy}.") from error


@contextmanager
def alone_with(data: Path) -> Iterator[None]:
    """Hold the data folder: no server runs on it, and none starts meanwhile.

    Raises:
        CannotStart: a server has it.
    """
    with (data / LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            process = lock.read().strip() or "?"
            raise CannotStart(
                f"{data} is being served already (process {process}): stop that server first, or name another folder."
            ) from error
        yield
