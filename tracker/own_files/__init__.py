"""The office's own report: its section on rectification written anew, its blanks filled, all else left as it is."""
