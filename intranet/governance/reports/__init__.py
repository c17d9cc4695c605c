"""Reports: what members find out of place, and what moderators decide about it."""
