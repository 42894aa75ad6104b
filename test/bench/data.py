"""The rows of the benchmarks' tables: files written once by the plain server, loaded by both sides with COPY."""
import shutil

QUERIES = {
    "item": "SELECT i, i % 1000, 'item number ' || i, i * 1.25 FROM generate_series(1, {rows}) i",
    "wide": """SELECT i, i % 1000, left(md5(i::text) || md5((i + 1)::text), 60),
                      timestamptz '2024-01-01 00:00:00+00' + i * interval '1 second', i * 1.01
               FROM generate_series(1, {rows}) i""",
    "measure": "SELECT i, i % 1000, (i % 100000) * 0.01 FROM generate_series(1, {rows}) i",
}


class Data:
    def __init__(self, directory, writer):
        self.directory = directory
        self.writer = writer
        # Servers read and write the files, as the user they run as.
        self.directory.mkdir()
        shutil.chown(directory, writer.directory.owner(), writer.directory.group())

    def file(self, name, rows):
        path = self.directory / f"{name}.{rows}"
        if not path.exists():
            query = QUERIES[name].format(rows=rows)
            self.writer.execute(f"SET timezone = 'UTC'; COPY ({query}) TO '{path}'")
        return path
