"""What script/server runs before web and worker: check, migrate, and tell how to get in.

People read standard error; the last line of standard output is JSON for the program that called.
"""

import argparse
import json
import sys

from intranet import config, create_app
from intranet.accounts.links import first_admin_link
from intranet.config import BadSetting, Settings
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.operations import preflight
from intranet.operations.copying import CopyFailed
from intranet.operations.migrating import CannotMigrate, bring_up_to_date
from intranet.operations.reaching import Unusable


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="prepare", description=__doc__)
    parser.add_argument("--web", type=int, default=1, help="how many web processes will be served; 0: none")
    options = parser.parse_args(arguments)
    try:
        facts = prepare(config.load(), web=options.web)
    except (BadSetting, preflight.CannotStart, CannotMigrate, CopyFailed, Unusable) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(facts))
    return 0


def prepare(settings: Settings, *, web: int) -> dict[str, object]:
    """Have the data folder and database ready for so many web processes; returns what the caller needs to know."""
    for port in range(settings.port, settings.port + web):
        preflight.require_free_port(settings.host, port)
    preflight.require_redis(settings.redis_url, web=web)
    preflight.require_writable(settings.data)
    with preflight.alone_with(settings.data):
        copy = bring_up_to_date(settings)
        if copy is not None:
            print(f"The data was brought up to this version. A copy from before: {copy}", file=sys.stderr)
        sign_in = _how_to_sign_in(settings)
    return {
        "host": settings.host,
        "port": settings.port,
        "address": settings.address,
        "data": str(settings.data),
        "sign_in": sign_in,
    }


def _how_to_sign_in(settings: Settings) -> str:
    app = create_app(settings)
    with app.app_context():
        database = runtime(app).database
        viewer = system(reason="operations: the first administrator's link")
        link = database.transact(viewer, lambda session: first_admin_link(session, settings.address))
        database.engine.dispose()
    if link:
        return f"First sign-in, to become its administrator (works once): {link}"
    return "Sign in with your username and password."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
