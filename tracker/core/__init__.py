"""What every room stands on; knows no noun of the trade."""
