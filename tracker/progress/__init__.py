"""What is done about an item: measures, entries, evidence, outcomes."""
