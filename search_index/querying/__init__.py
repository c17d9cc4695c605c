"""Questions about documents: the query language, its evaluation on whole posting lists, pages of hits, spelling."""
