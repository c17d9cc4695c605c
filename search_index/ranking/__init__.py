"""Who knows? The question, the documents that answer it, the people they speak for, and why."""
