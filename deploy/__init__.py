"""What the program is put to work with: server settings, service units, the offline bundle."""
