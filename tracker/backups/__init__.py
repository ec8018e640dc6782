"""One file with the database and all evidence, taken while people work; put back into an empty place only."""
