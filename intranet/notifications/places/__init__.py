"""New posts of a group, on a topic or by a person: at once, with the digest, or not at all, as each reader chose."""
