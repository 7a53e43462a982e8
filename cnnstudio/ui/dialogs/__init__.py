"""Windows that ask one question."""
