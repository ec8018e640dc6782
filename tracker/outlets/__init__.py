"""Outside channels: robots of work groups and gateways for short messages, off until an administrator allows them."""
