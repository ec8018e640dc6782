"""What stands around every page: menu, top bar, languages, error pages, assets and headers."""
