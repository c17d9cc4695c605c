"""Posts: what people tell each other, with comments, reactions, bookmarks and drafts."""
