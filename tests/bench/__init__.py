"""How long pages and figures take in a province's ledger: ``make bench``."""
