"""Looking back (回头看): a sample of closed items is looked at again by people who had no part in closing them."""
