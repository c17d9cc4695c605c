"""What happens to questions beyond what happens to every post."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("answer.accepted")
@dataclass(frozen=True, slots=True)
class AnswerAccepted:
    """An answer solved its question; ``person_id`` wrote it."""

    post_id: int
    comment_id: int
    audience_id: int
    actor_id: int
    person_id: int


@event("answer.withdrawn")
@dataclass(frozen=True, slots=True)
class AcceptanceWithdrawn:
    """An answer is no longer what solved its question."""

    post_id: int
    comment_id: int
    audience_id: int
    actor_id: int
    person_id: int


@event("question.asker-learned")
@dataclass(frozen=True, slots=True)
class AskerLearned:
    """A steward looked who asked without their name. It does not say who that was."""

    post_id: int
    actor_id: int


@event("question.linked")
@dataclass(frozen=True, slots=True)
class QuestionLinked:
    """A question is the same as an earlier one, which not all of its readers may be able to see."""

    post_id: int
    original_id: int
    audience_id: int
    actor_id: int


@event("question.unlinked")
@dataclass(frozen=True, slots=True)
class QuestionUnlinked:
    """A question stands for itself again."""

    post_id: int
    audience_id: int
    actor_id: int


@event("asking.away")
@dataclass(frozen=True, slots=True)
class AbsenceSaid:
    """Somebody said until when they are away."""

    person_id: int
