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
