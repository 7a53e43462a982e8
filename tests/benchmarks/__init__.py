"""Commands that print figures; ``python -m tests.benchmarks`` lists them."""
