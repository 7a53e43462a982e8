"""Model files of the person's own: looked into and opened without running anything in them.

Keras' own reader never sees such a file. Its description is parsed here into a flat list of steps
(``graph.py``), each of which must be a layer or an operation of Keras' own with plain settings
(``settings.py``, ``operations.py``); only those are made, and the file's numbers are put into them
(``weights.py``).
"""
