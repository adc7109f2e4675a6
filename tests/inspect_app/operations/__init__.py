"""What those who run the product rely on: the log, figures, readiness, stopping, what is kept and erased."""
