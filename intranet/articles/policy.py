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
