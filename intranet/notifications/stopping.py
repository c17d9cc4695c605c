"""Mails end by one click, without signing in: the address in them is signed and can do nothing else."""

from enum import StrEnum

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.errors import NotFound
from intranet.kernel.runtime import runtime
from intranet.notifications.actions import rhythm_of
from intranet.notifications.models import Digest


class Kind(StrEnum):
    """Which mails."""

    NOTICES = "notices"
    DIGEST = "digest"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="an address that ends mails")


def stop_address(person_id: int, kind: Kind) -> str:
    """Where one person ends one kind of mails."""
    return f"{runtime().settings.address}/mail/stop/{_signer().dumps([str(person_id), kind.value])}"


def read_address(token: str) -> tuple[int, Kind]:
    """Whose mails of which kind.

    Raises:
        NotFound: it was not made here.
    """
    try:
        person_id, kind = _signer().loads(token)
        return int(person_id), Kind(kind)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None


def stop_mails(session: Session, token: str) -> Kind:
    """No more of these; the signature is the permission.

    Raises:
        NotFound: the address was not made here, or its person is gone.
    """
    person_id, kind = read_address(token)
    if session.get(Person, person_id) is None:
        raise NotFound
    rhythm = rhythm_of(session, person_id)
    if kind is Kind.DIGEST:
        rhythm.digest = Digest.NEVER
    else:
        rhythm.mails_now = False
    return kind
