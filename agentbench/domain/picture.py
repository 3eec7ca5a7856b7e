"""Pictures of others: what of them is decoded."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Given to Pillow with every picture that comes from elsewhere: those that hold programs or
other files are not among them. For some of these (EPS) Pillow starts another program."""
