"""The lists as people hand them in: which heading prints which field."""
