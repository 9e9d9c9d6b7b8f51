"""A second composer, for validation alone: edits real pages with other code, other banks and other templates than training does.

A validation set made by the training composer flatters the model, so nothing here is shared with it but the reading of the corpus and
the folds. `kinds` says what is built, `edits` and `farm` how, `build` writes it.
"""
