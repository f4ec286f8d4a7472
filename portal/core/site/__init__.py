"""What the portal needs of the site that it runs on: settings with their defaults, and checks of what has none;
and how a refused form goes back."""
