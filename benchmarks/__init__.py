"""What the figures in README and docs are made with. Ratios within one run: machines are shared and noisy."""
