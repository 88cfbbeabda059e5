"""The printed page undone, from `importing.import_text`: a file for each step, told at the top of `importing`."""
