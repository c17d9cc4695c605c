"""My data: everybody takes a copy of what is theirs, and asks for its deletion, by themselves."""
