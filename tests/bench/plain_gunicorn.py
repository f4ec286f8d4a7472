"""The portal's gunicorn for an application that is not the portal: without its hooks, which load what only the portal needs."""

import runpy

globals().update({name: value for name, value in runpy.run_path("deploy/gunicorn.conf.py").items() if not callable(value)})
