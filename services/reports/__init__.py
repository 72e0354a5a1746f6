"""What authorities and communities learn from Faro: reports, comparisons and printed sheets."""
