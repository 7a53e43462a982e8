"""Parts that several pages are made of, or that deserve a file of their own."""
