"""What is said in private leaves it only when its author says so: they are asked, and answer, where it was said."""
