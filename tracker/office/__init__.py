"""Reading and writing office files; knows no noun of ours."""
