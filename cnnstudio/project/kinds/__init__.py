"""Every kind of problem with its sentences: one table for each part of the program."""
