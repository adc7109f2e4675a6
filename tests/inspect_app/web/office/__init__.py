"""The pages of head office."""
