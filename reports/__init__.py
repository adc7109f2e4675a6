"""What managers take away: rankings, how they are compared, and the files they are printed in."""
