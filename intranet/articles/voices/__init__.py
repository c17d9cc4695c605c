"""What its readers say of an article: that it is still right, or what is different now."""
