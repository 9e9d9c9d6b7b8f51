"""From a corpus to an artefact: rows, composition, splits, fitting, evaluation, card. Imported by the command line only."""
