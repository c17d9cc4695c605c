"""Where administrators ask to read a private conversation, and a second one decides; chat itself holds the rules."""
