"""The demo company: a made-up manufacturer whose people, posts and topics fill an empty Couth for a first look."""
