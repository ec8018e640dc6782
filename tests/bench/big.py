"""``make big``: a province's ledger to look at and to measure, in a folder or database of its own.

300,000 items with 3,000,000 changes, 2,000 people in four levels of units, a year of messages; the same every time
for the same day. TRACKER_DATA_DIR (``big/`` unless given) and TRACKER_DATABASE_URL say where; a database in which
there are people already is left alone.
"""

import argparse
import io
import os
import sys
import time
from datetime import date
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from config import from_environment
from tests.bench import world
from tests.bench.world.work import PROOF
from tracker import create_app
from tracker.core import clock, files
from tracker.core.db import WRITING, db, refresh_statistics, writing
from tracker.org.queries import is_set_up

ROOT = Path(__file__).parents[2]
PASSWORD = "Rectify-big-2026"
# The same salt each time, so that the whole database is the same.
SALT = b"made-up organ  "
COST = {"normal": {}, "cheap": {"time_cost": 1, "memory_cost": 8, "parallelism": 1}}


def main() -> int:
    """Write the world and print the sign-ins and how long it took; 1 where somebody is there already."""
    arguments = _arguments()
    os.environ.setdefault("TRACKER_DATA_DIR", str(ROOT / "big"))
    app = create_app(from_environment())
    started = time.perf_counter()
    with app.app_context():
        upgrade()
        if not write(app, world.Plan(arguments.today or clock.today(), arguments.sources, world.PER_SOURCE)):
            print("已有单位或账号，没有写入 / there are units or people already, nothing was written", file=sys.stderr)
            return 1
        db.engine.dispose()
    items = arguments.sources * world.PER_SOURCE
    print(f"{items:,} 个事项 / items, {10 * items:,} 次变动 / changes, {time.perf_counter() - started:.0f} s")
    print(f"数据 / data: {app.config['TRACKER_DATA_DIR']}")
    print(f"账号 / sign-ins: {', '.join(world.SIGN_INS)}, p0001 … p{world.PEOPLE}；密码 / password of all: {PASSWORD}")
    print("打开 / look at it: TRACKER_DATA_DIR=… make start")
    return 0


def write(app: Flask, plan: world.Plan) -> bool:
    """Write a world into the migrated database of the pushed application; False where it is in use."""
    if is_set_up(db.session()):
        return False
    files.store(io.BytesIO(PROOF), limit_bytes=1 << 20)
    cost = COST[str(app.config["ARGON2_COST"])]
    password_hash = PasswordHasher(**cost).hash(PASSWORD, salt=SALT)
    with clock.moved_to(plan.at(0)), writing():
        world.build_whole(db.session(), plan, password_hash=password_hash)
    settle()
    return True


def settle() -> None:
    """What the daily job does for SQLite, and PostgreSQL by itself within minutes of such a load."""
    with writing():
        refresh_statistics()
    if db.engine.dialect.name == "postgresql":
        options = WRITING | {"isolation_level": "AUTOCOMMIT", "postgresql_readonly": False}
        with db.engine.connect().execution_options(**options) as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--today", type=date.fromisoformat, help="the day it is written for; today unless given")
    parser.add_argument("--sources", type=int, default=world.LARGEST, help="500 items with 5,000 changes each")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
