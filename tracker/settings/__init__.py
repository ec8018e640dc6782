"""Everything an office may set: typed, checked, with its page."""
