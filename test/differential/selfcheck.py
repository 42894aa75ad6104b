#!/usr/bin/env python3
"""Checks that the comparison sees what it must see: differences are planted between two schemas of plain tables.

    selfcheck.py --host H --port P
"""
import argparse
import sys

import cases
from dataset import Dataset, make_types
from report import Report
from runner import Runner
from side import Side

# Name, what is done to the schema dist, the case, should a difference be found?
PLANTED = [
    ("nothing", "", "SELECT * FROM users; DELETE FROM users WHERE id = 1;", False),
    ("value", "UPDATE sparse SET v = 'other' WHERE id = 1", "SELECT * FROM sparse;", True),
    ("null or empty", "UPDATE sparse SET v = '' WHERE v IS NULL", "SELECT * FROM sparse;", True),
    ("missing row", "DELETE FROM sparse WHERE id = 1", "SELECT * FROM sparse;", True),
    ("row twice", "INSERT INTO events SELECT * FROM events LIMIT 1", "SELECT * FROM events;", True),
    ("another row twice", "UPDATE empty_log SET id = 2 WHERE ctid = '(0,2)'", "SELECT * FROM empty_log;", True),
    ("order", "CREATE OR REPLACE VIEW v AS SELECT id FROM users ORDER BY id DESC", "-- ordered\nSELECT * FROM v;", True),
    ("order that is free", "CREATE OR REPLACE VIEW v AS SELECT id FROM users ORDER BY id DESC", "SELECT * FROM v;", False),
    ("column name", "ALTER TABLE sparse RENAME v TO w", "SELECT * FROM sparse;", True),
    ("column type", "ALTER TABLE sparse ALTER id TYPE bigint", "SELECT * FROM sparse;", True),
    ("type modifier", "ALTER TABLE sparse ALTER v TYPE varchar(50)", "SELECT v FROM sparse;", True),
    ("no column, no rows", "DELETE FROM sparse WHERE id = 1", "SELECT FROM sparse;", True),
    ("last digits of a float", "UPDATE empty_log SET f = f * (1 + 1e-14)", "SELECT sum(f) FROM empty_log;", False),
    ("float", "UPDATE empty_log SET f = f * (1 + 1e-6)", "SELECT sum(f) FROM empty_log;", True),
    ("tag", "CREATE RULE r AS ON DELETE TO sparse DO INSTEAD NOTHING", "DELETE FROM sparse;", True),
    ("table afterwards", "CREATE TRIGGER t BEFORE UPDATE ON sparse FOR EACH ROW EXECUTE FUNCTION change()",
     "UPDATE sparse SET v = 'x' WHERE id = 1;", True),
    ("no error", "ALTER TABLE sparse DROP CONSTRAINT sparse_pkey", "-- error: 23505\nINSERT INTO sparse VALUES (1);", True),
    ("error", "ALTER TABLE sparse ADD CHECK (id < 7) NOT VALID", "INSERT INTO sparse VALUES (8);", True),
    ("SQLSTATE", "ALTER TABLE sparse ADD CHECK (id <> 1) NOT VALID", "-- error: 23505\nINSERT INTO sparse VALUES (1);", True),
    ("constraint", "ALTER INDEX sparse_pkey RENAME TO other", "-- error: 23505\nINSERT INTO sparse VALUES (1);", True),
    ("message", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'there'; END $$",
     "-- error: P0001\nSELECT f();", True),
    ("notice", "CREATE OR REPLACE FUNCTION n() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'b'; RETURN 1; END $$",
     "SELECT n();", True),
    ("copied line", "UPDATE sparse SET v = 'other' WHERE id = 1", "COPY sparse TO STDOUT;", True),
    ("copied rows", "ALTER TABLE sparse ADD CHECK (id < 7) NOT VALID", "COPY sparse FROM STDIN;\n8\tx\n\\.\n", True),
    ("refused", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS"
     " $$ BEGIN RAISE 'no' USING ERRCODE = '0A000'; END $$", "-- error: P0001\nSELECT f();", True),
    ("refused as it may be", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS"
     " $$ BEGIN RAISE 'no' USING ERRCODE = '0A000'; END $$", "-- may_refuse\nSELECT f();", False),
    ("test is wrong", "", "SELECT nothing FROM users;", True),
]

EXTRA = """
ALTER TABLE empty_log ADD f float8;
INSERT INTO empty_log VALUES (1, 'a', 1, 0.1), (1, 'a', 1, 0.1), (2, 'a', 1, 0.1);
CREATE VIEW v AS SELECT id FROM users ORDER BY id;
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'here'; END $$;
CREATE FUNCTION n() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'a'; RETURN 1; END $$;
CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.v = NEW.v || '!'; RETURN NEW; END $$;
"""


class Found:
    """Stands for a report."""

    def __init__(self):
        self.lines, self.refused = [], 0

    def add(self, _name, lines, _sql=None):
        self.lines += lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    report = Report("self-check")
    run(report, arguments.host, arguments.port)
    return report.finish()


def run(report, host, port):
    plain, dist = (Side(schema, host, port) for schema in ("plain", "dist"))
    data = Dataset(plain, dist, 4, distribute=False)
    data.drop()
    make_types(plain)
    for planted in PLANTED:
        check(report, data, *planted)
    data.drop()


def check(report, data, name, sabotage, text, differs):
    data.build()
    for side in (data.plain, data.dist):
        side.query(EXTRA)
    if sabotage:
        data.dist.query(sabotage)
    found = Found()
    runner = Runner(data, found, "planted")
    lines = runner.find_difference(cases.parse("-- name: planted\n" + text)[0])[1]
    for side in (data.plain, data.dist):
        side.reset()
        side.query(f"DROP SCHEMA {side.schema} CASCADE")
    wrong = f"found: {lines}" if lines else "no difference was found"
    report.add(f"self-check: {name}", [] if bool(lines) == differs else [wrong])


if __name__ == "__main__":
    sys.exit(main())
