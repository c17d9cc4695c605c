"""What is asked of a device and what its answer is worth (Web Authentication, level 2).

The device must have seen its owner: a finger, a face or a number. That makes a passkey two factors in one.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from intranet.accounts.passkeys.models import LONGEST_KEY, LONGEST_NAME
from intranet.accounts.passkeys.party import Party

MOST_TEXT = 20_000
_PATIENCE = 120_000  # milliseconds that a person has to find their key


class BadAnswer(Exception):
    """What came back from the device does not hold."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a device's answer."""

    credential: str
    public_key: str
    sign_count: int
    is_synced: bool


def new_challenge() -> str:
    """64 random bytes, as text."""
    return _text_of(secrets.token_bytes(64))


def handle_of(person_id: int) -> bytes:
    """Whose a passkey is, as the device keeps it: a number that says nothing of anybody."""
    return person_id.to_bytes(8, "big")


def ask_to_add(
    party: Party, *, challenge: str, place: str, person_id: int, username: str, name: str, held: list[str]
) -> dict[str, Any]:
    """What the browser asks of a device that shall hold a passkey; not of one that holds one of ``held`` already."""
    import webauthn  # noqa: PLC0415 (6 MB, for whoever uses a passkey)
    from webauthn.helpers import structs  # noqa: PLC0415 (6 MB, for whoever uses a passkey)

    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=place,
        user_id=handle_of(person_id),
        user_name=username,
        user_display_name=name,
        challenge=_bytes_of(challenge),
        timeout=_PATIENCE,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=_bytes_of(one)) for one in held],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.helpers.options_to_json_dict(options)


def ask_to_prove(party: Party, *, challenge: str) -> dict[str, Any]:
    """What the browser asks of a device; the same for everybody, so that it tells nothing of who has one."""
    import webauthn  # noqa: PLC0415 (6 MB, for whoever uses a passkey)
    from webauthn.helpers import structs  # noqa: PLC0415 (6 MB, for whoever uses a passkey)

    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=_bytes_of(challenge),
        timeout=_PATIENCE,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.helpers.options_to_json_dict(options)


def added(party: Party, answer: str, challenge: str) -> NewPasskey:
    """The passkey that a device made.

    Raises:
        BadAnswer: it is of another place or challenge, unsigned, or its owner was not seen.
    """
    import webauthn  # noqa: PLC0415 (6 MB, for whoever uses a passkey)
    from webauthn.helpers import exceptions, structs  # noqa: PLC0415 (6 MB, for whoever uses a passkey)

    try:
        found = webauthn.verify_registration_response(
            credential=_object(answer),
            expected_challenge=_bytes_of(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, *_BROKEN) as error:
        raise BadAnswer from error
    credential, public_key = _text_of(found.credential_id), _text_of(found.credential_public_key)
    if len(credential) > LONGEST_NAME or len(public_key) > LONGEST_KEY:
        raise BadAnswer
    return NewPasskey(
        credential=credential,
        public_key=public_key,
        sign_count=found.sign_count,
        is_synced=found.credential_device_type is structs.CredentialDeviceType.MULTI_DEVICE,
    )


def credential_in(answer: str) -> str:
    """The name of the passkey that an answer says it is of; nothing is proved yet.

    Raises:
        BadAnswer: it names none.
    """
    named = _object(answer).get("id")
    if not isinstance(named, str):
        raise BadAnswer
    return named


def proved(party: Party, answer: str, challenge: str, *, public_key: str, sign_count: int, person_id: int) -> int:
    """The device's counter after an answer that holds.

    Raises:
        BadAnswer: as above; also where the counter went back, or the device speaks of somebody else.
    """
    import webauthn  # noqa: PLC0415 (6 MB, for whoever uses a passkey)
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 (6 MB, for whoever uses a passkey)

    given = _object(answer)
    try:
        found = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=_bytes_of(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=_bytes_of(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
        handle = given["response"].get("userHandle")
        if handle and _bytes_of(handle) != handle_of(person_id):
            raise BadAnswer
    except (WebAuthnException, *_BROKEN) as error:
        raise BadAnswer from error
    return found.new_sign_count


# Answers come from anywhere: what cannot even be taken apart is as wrong as a wrong signature.
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


def _text_of(data: bytes) -> str:
    """As Base64URL, which the standard writes without padding."""
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(f"{text}===")  # what is too much of the padding is passed over


def _object(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer[:MOST_TEXT])
    except (ValueError, RecursionError) as error:
        raise BadAnswer from error
    if not isinstance(given, dict):
        raise BadAnswer
    return given
