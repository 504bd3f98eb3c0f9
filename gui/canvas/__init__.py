"""What is painted by hand: points, labels, trails, heat cells, the camera."""
