"""Speed, memory and size of the engine beside stock Whoosh, tantivy and SQLite FTS5 over one corpus."""
