"""What happened to accounts and to the place goes into the audit log."""

import dataclasses
from typing import Any

from sqlalchemy.orm import Session

from intranet.accounts import events
from intranet.accounts.factors import events as factor_events
from intranet.accounts.passkeys import events as passkey_events
from intranet.articles import events as article_events
from intranet.chat.inspection import events as inspection_events
from intranet.governance import chain
from intranet.governance.events import LogExported
from intranet.governance.guidelines import events as guideline_events
from intranet.governance.leaving import events as leaving_events
from intranet.governance.letters import events as letter_events
from intranet.governance.models import AuditEntry
from intranet.governance.mydata import events as data_events
from intranet.governance.reports import events as report_events
from intranet.groups import events as group_events
from intranet.kernel.outbox import delivery_of, subscribe
from intranet.posts import events as post_events
from intranet.questions import events as question_events
from intranet.topics import events as topic_events

_AUDITED = (
    events.PersonJoined,
    events.PersonRenamed,
    events.AddressChanged,
    events.PersonDeactivated,
    events.PersonReactivated,
    events.RolesChanged,
    events.SignedIn,
    events.SignedOut,
    events.SignInRefused,
    events.CompanySignInRefused,
    events.IdentityConnected,
    events.IdentityDropped,
    events.PasswordChanged,
    passkey_events.PasskeyAdded,
    passkey_events.PasskeyRenamed,
    passkey_events.PasskeyRemoved,
    passkey_events.PasskeyRefused,
    factor_events.FactorTurnedOn,
    factor_events.FactorTurnedOff,
    factor_events.FactorsReset,
    factor_events.FactorRefused,
    factor_events.RecoveryCodesMade,
    factor_events.RecoveryCodeUsed,
    events.LinkMade,
    events.LinkUsed,
    events.LinkWithdrawn,
    events.TokenMade,
    events.TokenDropped,
    events.SiteChanged,
    LogExported,
    inspection_events.InspectionAsked,
    inspection_events.InspectionDecided,
    inspection_events.InspectionOpened,
    inspection_events.InspectionEnded,
    letter_events.LetterTriedAgain,
    letter_events.AllLettersTriedAgain,
    letter_events.LetterLetGo,
    letter_events.ParkedEventTriedAgain,
    letter_events.ParkedEventLetGo,
    report_events.ReportFiled,
    report_events.ReportDecided,
    report_events.ReportReopened,
    question_events.AnswerAccepted,
    question_events.AcceptanceWithdrawn,
    question_events.AskerLearned,
    question_events.QuestionLinked,
    question_events.QuestionUnlinked,
    article_events.ArticleMade,
    article_events.ArticleChanged,
    article_events.ArticleHandedOver,
    guideline_events.GuidelinesPublished,
    guideline_events.GuidelinesAccepted,
    guideline_events.AcceptancesExported,
    leaving_events.PersonSucceeded,
    data_events.CopyAsked,
    data_events.CopyFetched,
    data_events.ErasureAsked,
    data_events.ErasureWithdrawn,
    data_events.PersonErased,
    group_events.GroupFounded,
    group_events.GroupDescribed,
    group_events.GroupKindChanged,
    group_events.GroupArchived,
    group_events.GroupReopened,
    group_events.MemberRoleChanged,
    topic_events.TopicDescribed,
    topic_events.TopicMerged,
    post_events.ItemRemoved,
    post_events.ItemGivenBack,
    post_events.PostFrozen,
    post_events.PostThawed,
    post_events.PostPinned,
)
# Coming and going is everybody's own matter; being let in or taken out is not.
_AUDITED_OF_OTHERS = (group_events.MemberJoined, group_events.MemberLeft)


def register() -> None:
    """Listen to everything that is audited."""
    for event_type in _AUDITED:
        subscribe("audit", event_type, note)
    for of_others in _AUDITED_OF_OTHERS:
        subscribe("audit", of_others, _note_of_others)


def _note_of_others(session: Session, happened: Any) -> None:
    if happened.actor_id not in {None, happened.person_id}:
        note(session, happened)


def note(session: Session, happened: Any) -> None:
    """Append one entry; an event that comes twice adds nothing."""
    delivery = delivery_of(session)
    if session.get(AuditEntry, delivery.event_id) is not None:
        return
    facts = dataclasses.asdict(happened)
    entry = AuditEntry(
        id=delivery.event_id,
        happened_at=delivery.happened_at,
        actor_id=facts.pop("actor_id", None),
        subject_id=facts.pop("person_id", None),
        action=happened.event_name,
        facts={name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()},
    )
    chain.append(session, entry)
