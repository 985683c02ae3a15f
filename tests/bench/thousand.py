"""1,000 services with 20 servers each, as the text of a configuration."""

import world

SERVICES, SERVERS = 1000, 20


def services(check=None, server="", count=SERVICES, **service):
    """Services at 10.4.0.0/16, by turns on ports 8080 and 8081, whose servers are addresses of `lo`. check: more keys of a tcp
    check every 10 s, or none is made; server: what stands behind an address, {r} being its number; service: more keys."""
    checked = {} if check is None else {"check": "c"}
    text = world.section("check c", {"type": "tcp", "interval": "10s", "timeout": "3s", **check}) if checked else ""
    for s in range(count):
        port, place = 8080 + s % 2, f"{s // 250}.{s % 250 + 1}"
        text += world.section(f"pool p{s}", {**checked, "server": [
            f"127.{1 + s // 250}.{s % 250 + 1}.{r}:{port} {server.format(r=r)}" for r in range(1, SERVERS + 1)]})
        text += world.section(f"virtual_server v{s}", {"address": f"10.4.{place}:{port}", "pool": f"p{s}", **service})
    return text
