"""CNN Studio: a folder of pictures goes in, a trained model that anyone can load comes out."""

__version__ = "0.1.0"
