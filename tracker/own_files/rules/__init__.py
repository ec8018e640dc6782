"""What is where in a report that somebody else wrote: headings, sentences, blanks, years."""
