"""What is compared with: a bare Django view, and stock Django admin over a plain model."""
