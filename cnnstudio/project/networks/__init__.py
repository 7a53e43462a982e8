"""The rows of the table of networks, by family."""
