"""Requests about an item that one other person decides: asked, waiting, then approved, refused or taken back."""
