"""What happens to articles."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("article.made")
@dataclass(frozen=True, slots=True)
class ArticleMade:
    """An answer became an article, which ``keeper_id`` keeps from now on."""

    article_id: int
    question_id: int
    audience_id: int
    actor_id: int
    keeper_id: int


@event("article.changed")
@dataclass(frozen=True, slots=True)
class ArticleChanged:
    """Its words, its state or its review changed; ``what`` is the kind of step, or ``hidden`` and ``shown``."""

    article_id: int
    question_id: int
    audience_id: int
    actor_id: int | None
    what: str


@event("article.handed-over")
@dataclass(frozen=True, slots=True)
class ArticleHandedOver:
    """Somebody else keeps it from now on."""

    article_id: int
    question_id: int
    audience_id: int
    actor_id: int | None
    keeper_id: int


@event("article.due")
@dataclass(frozen=True, slots=True)
class ArticleFellDue:
    """Its review date has passed, or what it was made from no longer holds."""

    article_id: int
    question_id: int
    audience_id: int
    keeper_id: int


@event("article.said")
@dataclass(frozen=True, slots=True)
class ArticleSaid:
    """A reader said something of it, or what was said changed; ``what`` is what they say, ``taken-back``, ``settled``,
    ``reopened``, ``hidden`` or ``shown``. Without a ``voice_id`` it is all that was open."""

    article_id: int
    question_id: int
    audience_id: int
    voice_id: int | None
    what: str


@event("article.listed")
@dataclass(frozen=True, slots=True)
class ArticleListed:
    """Any of these happened to an article of a group that everybody may read: people who are not in it may have a list
    open that it stands in."""

    article_id: int
    audience_id: int
