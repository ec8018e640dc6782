"""Items: one row and one number for life; the three lists are views of the same rows."""
