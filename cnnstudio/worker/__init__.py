"""The bridge: engine processes, and the threads that supervise them."""
