"""The parts of which a segment is written, from documents or from other segments."""
