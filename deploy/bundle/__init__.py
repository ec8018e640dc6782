"""The offline bundle: one archive per platform with all that an office needs to install without a network."""
