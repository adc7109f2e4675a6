"""What performance figures come from: each prints a table and JSON, beside a floor of the same run."""
