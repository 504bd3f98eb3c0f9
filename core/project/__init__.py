"""A saved session: one file with the sentences, the runs that trained on them, and the view."""
