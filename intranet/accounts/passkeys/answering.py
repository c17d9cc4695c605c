"""A device's answer, looked at before any transaction: its challenge is spent and its failure on record either way."""

from dataclasses import dataclass
from datetime import timedelta

from flask import request
from flask_babel import gettext as _

from intranet.accounts.guessing import place_of
from intranet.accounts.passkeys import ceremony
from intranet.accounts.passkeys.challenges import Purpose, take
from intranet.accounts.passkeys.events import PasskeyRefused
from intranet.accounts.passkeys.party import Party, party
from intranet.accounts.passkeys.queries import passkey_named
from intranet.kernel.errors import NotFound, TooFast
from intranet.kernel.outbox import record
from intranet.kernel.ratelimit import limit
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system

_outsider = system(reason="accounts: finds whose a passkey is, before anybody is signed in")
_MOST = 60  # tries from one place in ten minutes


@dataclass(frozen=True, slots=True)
class Answered:
    """Whose passkey signed, and its counter; ``problem`` is a sentence where it did not hold."""

    passkey_id: int = 0
    person_id: int = 0
    sign_count: int = 0
    problem: str = ""


def here() -> Party:
    """The place as passkeys know it.

    Raises:
        NotFound: there are none at such an address.
    """
    found = party(runtime().settings)
    if found is None:
        raise NotFound
    return found


def count_try() -> None:
    """Count one question or answer from this place.

    Raises:
        TooFast: there were too many.
    """
    place = place_of(request.remote_addr or "")
    limit(runtime().database, f"passkey:{place}", most=_MOST * 2, per=timedelta(minutes=10))


def answered(purpose: Purpose, person_id: int | None = None) -> Answered:
    """What the form's ``credential`` proves. Unknown passkeys and wrong signatures get the same sentence."""
    found = here()
    try:
        count_try()
    except TooFast as error:
        minutes = max(1, error.retry_after // 60)
        return Answered(problem=_("Too many tries. Wait %(n)s min, then try again.", n=minutes))
    challenge = take(purpose, person_id)
    if challenge is None:
        return Answered(problem=_("That took too long, or was answered already. Try again."))
    answer, whose = request.form.get("credential", ""), None
    try:
        with runtime().database.reading(_outsider) as session:
            known = passkey_named(session, ceremony.credential_in(answer))
            if known is None or (person_id is not None and known.person_id != person_id):
                raise ceremony.BadAnswer
            whose = known.person_id
            count = ceremony.proved(
                found,
                answer,
                challenge,
                public_key=known.public_key,
                sign_count=known.sign_count,
                person_id=known.person_id,
            )
            return Answered(known.id, known.person_id, count)
    except ceremony.BadAnswer:
        happened = PasskeyRefused(whose, (request.remote_addr or "")[:60])
        runtime().database.transact(_outsider, lambda session: record(session, happened))
        return Answered(problem=_("This passkey does not open anything here."))
