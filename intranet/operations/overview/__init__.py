"""How the place is doing, on one page for administrators: what waits for somebody, and whether every part keeps up."""
