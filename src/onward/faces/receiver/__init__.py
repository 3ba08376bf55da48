"""The receiver: pages by link for the place that receives, without an account."""
