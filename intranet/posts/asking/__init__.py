"""What whoever asks wishes for their question: how soon, and of whom. What comes of it is ``questions``' matter."""
