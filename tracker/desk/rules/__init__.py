"""What the pages of the desk decide without asking anybody."""
