"""The suite of faults and attacks: its cases, the table of their results, and the histories of phones."""
