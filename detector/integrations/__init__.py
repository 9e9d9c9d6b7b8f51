"""Where the detector meets other programs: one thin file each, with an extra of the same name."""
