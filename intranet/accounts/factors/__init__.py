"""The second lock: codes from an authenticator, recovery codes, and where they are asked for."""
