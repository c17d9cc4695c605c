"""What somebody has not seen in chat: told once it has waited for a while, settled by reading there."""
