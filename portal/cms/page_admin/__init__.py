"""What the admin does with pages that Wagtail's does not, or does otherwise."""
