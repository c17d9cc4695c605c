"""Everything that an outsider can ask, in two worlds that differ by what is none of their business."""
