"""What is about PostgreSQL alone."""
