"""Where documents are kept: stored segments and memory as one numbered row, and the files behind them."""
