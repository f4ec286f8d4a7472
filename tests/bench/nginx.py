"""deploy/nginx/ as it is shipped, with only its places exchanged: ports, certificates and folders of one run.

`python -m tests.bench.nginx` says whether nginx takes the files (`nginx -t`).
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.servers import free_port

SHIPPED = Path("deploy/nginx")
HOST = "portal.example"
MODULES = Path("/usr/lib/nginx/modules")
MAIN = """\
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/log/nginx.log warn;
worker_processes 2;
{modules}
{limits}
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/temp/body;
    proxy_temp_path {folder}/temp/proxy;
    fastcgi_temp_path {folder}/temp/fastcgi;
    uwsgi_temp_path {folder}/temp/uwsgi;
    scgi_temp_path {folder}/temp/scgi;
    include {folder}/conf/portal.conf;
}}
"""


def render(folder: Path, *, https: int, http: int) -> Path:
    """Write the files into the folder, with a certificate of their own; the path of the main one."""
    for name in ("conf", "log", "temp", "tls", "var", "www"):
        (folder / name).mkdir(exist_ok=True)
    places = {
        "/etc/letsencrypt/live/portal.example/": f"{folder}/tls/",
        "/etc/nginx/portal/": f"{folder}/conf/",
        "/run/portal/": f"{folder}/",
        "/var/lib/portal/": f"{folder}/var/",
        "/var/log/nginx/": f"{folder}/log/",
        "/var/www/letsencrypt": f"{folder}/www",
        "listen 80": f"listen 127.0.0.1:{http}",
        "listen 443": f"listen 127.0.0.1:{https}",
        "listen [::]:80": f"listen [::1]:{http}",
        "listen [::]:443": f"listen [::1]:{https}",
    }
    text = (SHIPPED / "portal.conf").read_text(encoding="utf-8")
    for shipped, here in places.items():
        if shipped not in text:
            raise LookupError(f"{SHIPPED}/portal.conf no longer says {shipped}")
        text = text.replace(shipped, here)
    if not Path("/proc/net/if_inet6").exists():
        text = "\n".join(line for line in text.splitlines() if "listen [::1]" not in line)
    (folder / "conf/portal.conf").write_text(text, encoding="utf-8")
    for name in ("portal-proxy.conf", "portal-tls.conf"):
        (folder / "conf" / name).write_text((SHIPPED / name).read_text(encoding="utf-8"), encoding="utf-8")
    certificate(folder / "tls")
    main = folder / "nginx.conf"
    user = "root" if os.geteuid() == 0 else "nobody"
    limits = (SHIPPED / "portal-main.conf").read_text(encoding="utf-8")
    brotli = MODULES / "ngx_http_brotli_static_module.so"
    main.write_text(MAIN.format(folder=folder, user=user, limits=limits, modules=f"load_module {brotli};"), encoding="utf-8")
    return main


def certificate(folder: Path) -> None:
    """One for HOST that nobody signed, good for a day."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1"
    named = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    into = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*command.split(), *named, *into], check=True, capture_output=True)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-nginx-") as scratch:
        configuration = render(Path(scratch), https=free_port(), http=free_port())
        done = subprocess.run(["nginx", "-t", "-q", "-c", str(configuration)], check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
