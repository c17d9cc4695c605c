"""What grows while it is read: arrays, numbers for ids and names, several values per document, columns turned round."""
