"""Where things are: the folder, schemas of all tables, register, codebook, choices."""
