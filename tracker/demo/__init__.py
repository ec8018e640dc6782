"""A made-up committee office with half a year of work, to look at and to learn on."""
