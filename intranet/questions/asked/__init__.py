"""Being asked: what the asked person can say to it, who sees what of it, and how often and when one wants to be."""
