"""What the pages of the desk ask the database."""
