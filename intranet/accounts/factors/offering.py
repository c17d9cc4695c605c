"""An authenticator that is offered and not yet proved: it lives in the form that shows it, sealed, for half an hour.

Nothing is kept for people who look and go away, and what comes back is what this person was shown.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup
from sqlalchemy.orm import Session

from intranet.accounts.factors import codes, sealing
from intranet.accounts.models import Person
from intranet.accounts.queries import site
from intranet.kernel import clock

LASTS = timedelta(minutes=30)
_PURPOSE = "offered authenticator"


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret with what its page shows of it: to scan, to type, and to send back."""

    secret: str
    picture: Markup
    address: str
    sealed: str

    @property
    def to_type(self) -> str:
        return codes.in_groups(self.secret).replace("-", " ")


def offer(session: Session, person: Person, secret: str = "") -> Offer:
    """A new secret, or once more the one that was shown."""
    secret = secret or codes.new_secret()
    address = codes.address_of(secret, name=person.email or person.username, place=site(session).name)
    dated = json.dumps([secret, clock.now().timestamp()])
    sealed = sealing.seal(dated, purpose=_PURPOSE, person_id=person.id)
    return Offer(secret, codes.picture_of(address), address, sealed)


def opened(sealed: str, person_id: int) -> str | None:
    """The secret that this person was shown; None where it was not, or too long ago."""
    try:
        secret, made = json.loads(sealing.unseal(sealed, purpose=_PURPOSE, person_id=person_id))
    except sealing.Unreadable:
        return None
    return secret if clock.now().timestamp() - made < LASTS.total_seconds() else None
