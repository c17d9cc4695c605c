"""The expert finder: text and people in, ranked people and passages out. Knows no framework, no database."""
