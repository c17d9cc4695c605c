"""Passwords: argon2id, and a refusal of those that everybody tries first. All of it is slow; keep it off the loop."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from intranet.kernel.errors import Invalid
from intranet.kernel.threads import run_blocking

SHORTEST = 10
LONGEST = 200

# Above what OWASP asks for at least; modest memory, since twenty threads may hash at once.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt. Never call it inside a transaction."""
    return run_blocking(_hasher.hash, password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash it takes the same time, and never does."""
    fits = run_blocking(_verify, password_hash or _nobodys_hash(), password)
    return fits and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache
def _nobodys_hash() -> str:
    return run_blocking(_hasher.hash, "somebody who does not exist")


@lru_cache
def _breached() -> frozenset[str]:
    """Some 30,000 passwords that leaked most often, as zxcvbn ships them."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 (11 MB, for whoever chooses a password)

    return frozenset(FREQUENCY_LISTS["passwords"])


def check_new(password: str, *, field: str = "password", personal: tuple[str, ...] = ()) -> None:
    """Refuse what is too short, leaked, or the person's own name.

    Raises:
        Invalid: with the reason on ``field``.
    """
    if len(password) < SHORTEST:
        raise Invalid({field: _("At least %(count)s characters.", count=SHORTEST)})
    if len(password) > LONGEST:
        raise Invalid({field: _("At most %(count)s characters.", count=LONGEST)})
    lowered = password.lower()
    stem = lowered.strip("0123456789!?.-_ ")
    if lowered in _breached() or stem in _breached() or len(set(lowered)) < 4:
        raise Invalid({field: _("This password is on the lists that attackers try first. Choose another.")})
    if any(part and len(part) > 3 and stem == part.lower() for part in personal):
        raise Invalid({field: _("Your own name is the first thing somebody would try. Choose another.")})
