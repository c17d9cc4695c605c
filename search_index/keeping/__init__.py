"""The files of the index: what they are, changing them so that a crash leaves old or new, noticing damage."""
