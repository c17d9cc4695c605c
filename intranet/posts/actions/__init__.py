"""Everything that changes posts, one file for each verb's family."""

from intranet.posts.actions.changing import delete_item, describe_pictures, edit_item, forget_words, restore_item
from intranet.posts.actions.drafting import drop_draft, drop_sent_draft, save_draft
from intranet.posts.actions.importing import (
    ImportedPost,
    Prepared,
    StoredPosts,
    prepare_posts,
    store_posts,
    store_prepared,
)
from intranet.posts.actions.marking import bookmark, freeze_post, pin, react
from intranet.posts.actions.publishing import PostDraft, add_comment, publish_post

__all__ = [
    "ImportedPost",
    "PostDraft",
    "Prepared",
    "StoredPosts",
    "add_comment",
    "bookmark",
    "delete_item",
    "describe_pictures",
    "drop_draft",
    "drop_sent_draft",
    "edit_item",
    "forget_words",
    "freeze_post",
    "pin",
    "prepare_posts",
    "publish_post",
    "react",
    "restore_item",
    "save_draft",
    "store_posts",
    "store_prepared",
]
