"""The notebooks in every other form: clean outputs, pages, slides, copies for a class."""
