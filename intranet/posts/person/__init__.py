"""What one person wrote, as their profile and hover card tell of it: when, and what last helped somebody."""
