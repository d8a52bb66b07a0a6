"""make bench: what every page costs at 1,000 and at 100,000 partners, beside two floors."""
