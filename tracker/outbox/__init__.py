"""Messages: written in the transaction of the change, sent after it."""
