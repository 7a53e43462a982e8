"""Plain values: what the person chose and what a run gave. No Qt, no TensorFlow, no pictures."""
