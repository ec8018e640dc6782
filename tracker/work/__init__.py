"""Background work: leases on jobs and the log of their runs."""
