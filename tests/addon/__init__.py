"""The portal as an add-on: the wheel, a new site of somebody else, and docs/install-into-a-site.md followed word for word."""
