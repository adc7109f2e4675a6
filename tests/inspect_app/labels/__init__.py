"""The words of the product, in every language."""
