"""Row to probabilities: plain arrays evaluated with numpy, calibration, operating points, and the artefact that holds them."""
