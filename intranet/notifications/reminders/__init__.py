"""Messages that somebody wants to come back to: at the time that they chose, one notice tells them."""
