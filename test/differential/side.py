"""One side of the comparison: a session whose search_path leads to plain or to distributed tables."""
import io
import re
import time
from dataclasses import dataclass, field

import psycopg2
from psycopg2 import extensions

FEATURE_NOT_SUPPORTED = "0A000"
CONNECTION_LOST = "lost"


@dataclass
class Outcome:
    """What a client sees of a statement."""

    tag: str = None
    columns: list = None  # (name, type, size, precision, scale)
    rows: list = None  # tuples of texts; lines of COPY TO
    error: dict = None
    notices: list = field(default_factory=list)

    @property
    def sqlstate(self):
        return self.error["sqlstate"] if self.error else None

    @property
    def lost(self):
        return self.sqlstate == CONNECTION_LOST

    @property
    def refused(self):
        return self.sqlstate == FEATURE_NOT_SUPPORTED


class Side:
    def __init__(self, schema, host, port, user="postgres", database="postgres"):
        self.schema = schema
        self.parameters = dict(host=host, port=port, user=user, dbname=database)
        self.connect()

    def connect(self):
        try:
            self.connect_once()
        except psycopg2.OperationalError:  # it was about to stop, for another session has crashed
            self.connect_once()

    def connect_once(self):
        self.connection = connect_patiently(self.parameters)
        self.connection.autocommit = True
        self.read_types()
        cursor = self.connection.cursor()
        cursor.execute(f"SET search_path = {self.schema}, public; SET timezone = 'Europe/Vienna'")
        cursor.execute("SET statement_timeout = '30s'")

    def read_types(self):
        cursor = self.connection.cursor()
        cursor.execute("SELECT oid, typname FROM pg_type")
        self.type_names = {int(oid): name for oid, name in cursor.fetchall()}
        as_text = extensions.new_type(tuple(self.type_names), "TEXT", lambda value, _: value)
        extensions.register_type(as_text, self.connection)

    def close(self):
        self.connection.close()

    @property
    def in_transaction(self):
        return self.status() != extensions.TRANSACTION_STATUS_IDLE

    @property
    def failed(self):
        """Is the session in a failed transaction?"""
        return self.status() == extensions.TRANSACTION_STATUS_INERROR

    def status(self):
        return self.connection.info.transaction_status

    def reset(self):
        """Leaves a transaction behind; reconnects if the server is gone."""
        if self.connection.closed:
            self.connect()
        elif self.in_transaction:
            self.connection.cursor().execute("ROLLBACK")

    def run(self, sql, data=None):
        """Executes one statement. An error is an outcome, not an exception."""
        self.connection.notices.clear()
        try:
            outcome = self.execute(sql, data)
        except psycopg2.Error as error:
            outcome = Outcome(error=describe_error(error, self.connection.closed))
        outcome.notices = [normalise(notice) for notice in self.connection.notices]
        return outcome

    def execute(self, sql, data):
        cursor = self.connection.cursor()
        if data is not None:
            cursor.copy_expert(sql, io.StringIO(data))
            return Outcome(tag=cursor.statusmessage)
        if re.match(r"\s*COPY\b.*\bTO\s+STDOUT\b", sql, re.IGNORECASE | re.DOTALL):
            output = io.StringIO()
            cursor.copy_expert(sql, output)
            return Outcome(tag=cursor.statusmessage, rows=[(line,) for line in output.getvalue().split("\n")])
        cursor.execute(sql)
        if cursor.description is None:
            return Outcome(tag=cursor.statusmessage)
        return Outcome(cursor.statusmessage, [self.column(item) for item in cursor.description], cursor.fetchall())

    def column(self, item):
        if item.type_code not in self.type_names:
            self.read_types()
        name = self.type_names.get(item.type_code, "?")
        return item.name, name, item.internal_size, item.precision, item.scale

    def query(self, sql):
        """Rows of a statement that must succeed."""
        outcome = self.run(sql)
        if outcome.error:
            raise RuntimeError(f"{self.schema}: {outcome.error['message']}: {sql}")
        return outcome.rows


def connect_patiently(parameters, seconds=30):
    """A server that crashed needs a moment."""
    end = time.monotonic() + seconds
    while True:
        try:
            return psycopg2.connect(**parameters)
        except psycopg2.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def describe_error(error, lost):
    diag = error.diag
    return {
        "sqlstate": error.pgcode or CONNECTION_LOST,
        "message": normalise(diag.message_primary or str(error)),
        "detail": normalise(diag.message_detail),
        "hint": normalise(diag.message_hint),
        "schema": normalise(diag.schema_name),
        "table": diag.table_name,
        "column": diag.column_name,
        "constraint": diag.constraint_name,
        "datatype": diag.datatype_name,
        "lost": bool(lost),
    }


def normalise(text):
    """The sides' schemas have different names; in messages both count as S."""
    return re.sub(r"\b(plain|dist)\b", "S", text) if text else text
