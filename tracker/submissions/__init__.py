"""The superior's own forms: a blank that is filled every period with a source's items, each issue of it kept."""
