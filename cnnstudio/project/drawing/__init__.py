"""The drawing of a network, as plain values: laid out here, painted by the window or written."""
