"""The card below a message: what the first page that it links to says of itself."""
