"""How gunicorn serves the portal: in the demonstration, in the bench, and behind a web server. Addresses come by --bind."""

import multiprocessing

wsgi_app = "portal.wsgi"
worker_class = "gthread"
workers = max(2, multiprocessing.cpu_count())
threads = 8
preload_app = True
# Longer than a browser rests between two pages: closing sooner cuts off an upload that has just begun.
keepalive = 30
graceful_timeout = 3
control_socket_disable = True
loglevel = "warning"
