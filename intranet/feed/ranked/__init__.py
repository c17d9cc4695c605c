"""For you: the feed in an order of its own, with a reason for every item and the means to turn it down."""
