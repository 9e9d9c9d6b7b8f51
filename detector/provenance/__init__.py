"""Where a text was first, and which hosts belong together: near-duplicates of originals, and what pages give away of their makers."""
