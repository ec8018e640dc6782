"""Units, people, what is granted to them, and signing in."""
