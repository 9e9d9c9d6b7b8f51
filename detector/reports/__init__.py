"""Single HTML files for people: no network, no script."""
