"""Need to Know: tells people what they need to know, and nothing else."""

__version__ = "0.1.0"
