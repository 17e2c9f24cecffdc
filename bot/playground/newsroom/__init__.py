"""The demo newsroom: four invented outlets that publish invented news, served on this machine."""
