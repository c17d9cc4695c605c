"""Who may do what to articles. Who may read one is a matter of its question's audience."""

from enum import StrEnum

from intranet.articles.models import Article
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer


class ArticlePermission(StrEnum):
    """The names in the permission table."""

    PROMOTE = "articles:article:promote"
    EDIT = "articles:article:edit"
    KEEP = "articles:article:keep"
    FOLLOW = "articles:article:follow"
    SAY = "articles:voice:say"


@permission(ArticlePermission.PROMOTE)
def asker_answerer_or_steward_promotes(viewer: Viewer, asker_id: int, answerer_id: int) -> bool:
    """Whoever asked under their name, whoever wrote the accepted answer, and topic stewards."""
    return viewer.id in {asker_id, answerer_id} or viewer.has_role(Role.STEWARD)


@permission(ArticlePermission.EDIT)
def keeper_author_or_steward_edits(viewer: Viewer, article: Article) -> bool:
    """Who keeps it, whose answer it was, and topic stewards; every version stays."""
    return viewer.id in {article.keeper_id, article.author_id} or viewer.has_role(Role.STEWARD)


@permission(ArticlePermission.KEEP)
def keeper_or_steward_keeps(viewer: Viewer, article: Article) -> bool:
    """Who keeps it, and topic stewards, say that it is still right, hand it over and retire it."""
    return viewer.id == article.keeper_id or viewer.has_role(Role.STEWARD)


@permission(ArticlePermission.FOLLOW)
def member_follows(viewer: Viewer) -> bool:
    """Whoever may read an article may follow it."""
    return viewer.is_member


@permission(ArticlePermission.SAY)
def reader_but_not_keeper_says(viewer: Viewer, article: Article) -> bool:
    """Whoever may read it says whether it is still right; who keeps it checks it instead."""
    return viewer.is_member and viewer.id != article.keeper_id
