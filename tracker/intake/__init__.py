"""Reads feedback texts and ledgers into a plan and carries it out."""
