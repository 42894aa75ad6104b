"""Connections, and what may go wrong with them."""
import time

import psycopg2


class Unknown(Exception):
    """COMMIT was sent and it is not known what became of it."""


def connect(dsn, snapshot=None):
    connection = psycopg2.connect(dsn, connect_timeout=5)
    connection.autocommit = True
    if snapshot:
        connection.cursor().execute(f"SET herd.snapshot = {snapshot}")
    return connection


def connect_patiently(dsn, seconds):
    """For servers that are being restarted."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connect(dsn)
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def kind_of(error):
    """SQLSTATE, or "connection" where no server said anything."""
    return getattr(error, "pgcode", None) or "connection"
