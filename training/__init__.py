"""How the bundled model was made: data in, weights and a measured card out."""
