"""HTTP: the API and the review page. Only the command line imports this package, to start it."""
