"""The commands: the same project, worker and engine as the window, in a terminal."""
