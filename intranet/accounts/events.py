"""What can happen to an account. Audit and live pushes read these; ids only."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("person.joined")
@dataclass(frozen=True, slots=True)
class PersonJoined:
    """Somebody has an account from now on."""

    person_id: int
    actor_id: int | None


@event("person.renamed")
@dataclass(frozen=True, slots=True)
class PersonRenamed:
    """Name, username or e-mail address changed."""

    person_id: int
    actor_id: int | None


@event("account.address-changed")
@dataclass(frozen=True, slots=True)
class AddressChanged:
    """Mail for somebody goes elsewhere from now on."""

    person_id: int
    actor_id: int | None


@event("person.deactivated")
@dataclass(frozen=True, slots=True)
class PersonDeactivated:
    """Somebody left: every session ended at once."""

    person_id: int
    actor_id: int | None


@event("person.reactivated")
@dataclass(frozen=True, slots=True)
class PersonReactivated:
    """Somebody is back."""

    person_id: int
    actor_id: int | None


@event("person.roles-changed")
@dataclass(frozen=True, slots=True)
class RolesChanged:
    """What somebody may do changed."""

    person_id: int
    actor_id: int | None
    roles: tuple[str, ...]


@event("account.signed-in")
@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser is signed in. ``is_unknown``: this person was never signed in there before, but was elsewhere."""

    person_id: int
    actor_id: int | None
    sign_in_id: int
    way: str = "password"
    is_unknown: bool = False


@event("account.signed-out")
@dataclass(frozen=True, slots=True)
class SignedOut:
    """One session, or all of them, ended."""

    person_id: int
    actor_id: int | None


@event("account.password-changed")
@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A new password, by the person or by a one-time link."""

    person_id: int
    actor_id: int | None


@event("account.link-made")
@dataclass(frozen=True, slots=True)
class LinkMade:
    """A one-time link was made."""

    link_id: int
    actor_id: int | None
    purpose: str
    person_id: int | None = None


@event("account.link-withdrawn")
@dataclass(frozen=True, slots=True)
class LinkWithdrawn:
    """A one-time link works no more, though nobody used it."""

    link_id: int
    actor_id: int | None


@event("account.link-used")
@dataclass(frozen=True, slots=True)
class LinkUsed:
    """A one-time link did what it was made for."""

    link_id: int
    person_id: int
    actor_id: int | None
    purpose: str


@event("account.sign-in-refused")
@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Somebody had the wrong password; ``person_id`` is None where the name is nobody's."""

    person_id: int | None
    address: str
    actor_id: int | None = None


@event("account.company-sign-in-refused")
@dataclass(frozen=True, slots=True)
class CompanySignInRefused:
    """Somebody came from the company's sign-in and was not let in; ``reason`` is one word."""

    person_id: int | None
    address: str
    reason: str
    actor_id: int | None = None


@event("account.identity-connected")
@dataclass(frozen=True, slots=True)
class IdentityConnected:
    """Whom the company's sign-in means by a name is this person from now on."""

    person_id: int
    actor_id: int | None
    identity_id: int


@event("account.identity-dropped")
@dataclass(frozen=True, slots=True)
class IdentityDropped:
    """A person comes in by that name no more."""

    person_id: int
    actor_id: int | None
    identity_id: int


@event("account.token-made")
@dataclass(frozen=True, slots=True)
class TokenMade:
    """A program may act as this person."""

    person_id: int
    actor_id: int | None
    token_id: int


@event("account.token-dropped")
@dataclass(frozen=True, slots=True)
class TokenDropped:
    """A program's key works no more."""

    person_id: int
    actor_id: int | None
    token_id: int


@event("site.changed")
@dataclass(frozen=True, slots=True)
class SiteChanged:
    """An admin changed a setting of the whole place."""

    name: str
    actor_id: int | None
