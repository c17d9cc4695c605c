"""What was typed: the parser, the words in every way they may stand in the index, and where a text holds them."""
