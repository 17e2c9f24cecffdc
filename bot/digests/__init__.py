"""What You Need to Know: a story's digest, every sentence of it traceable."""
