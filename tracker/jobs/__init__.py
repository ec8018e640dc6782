"""What the scheduler does every minute, and the page that watches it."""
