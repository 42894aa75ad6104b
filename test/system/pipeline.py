#!/usr/bin/python3
"""A client in libpq's pipeline mode: pipeline.py CONNINFO WORD..., prints one line for each answer.

A word is a statement; `sync` ends a transaction, and nothing is sent before the next one or `read`; `read` has the server send what it has
answered so far and waits for that.
"""
import ctypes
import ctypes.util
import sys

LIBPQ = ctypes.CDLL(ctypes.util.find_library("pq"))
for name in ("PQconnectdb", "PQgetResult"):
    getattr(LIBPQ, name).restype = ctypes.c_void_p
for name in ("PQerrorMessage", "PQresultErrorField", "PQcmdStatus", "PQgetvalue"):
    getattr(LIBPQ, name).restype = ctypes.c_char_p
SQLSTATE = ord("C")
PIPELINE_SYNC = 10
PIPELINE_ABORTED = 11


def main():
    connection = ctypes.c_void_p(LIBPQ.PQconnectdb(sys.argv[1].encode()))
    if LIBPQ.PQenterPipelineMode(connection) != 1:
        sys.exit(LIBPQ.PQerrorMessage(connection).decode())
    waiting = 0
    for word in sys.argv[2:]:
        if word == "sync":
            LIBPQ.PQpipelineSync(connection)
            waiting += 1
        elif word == "read":
            LIBPQ.PQsendFlushRequest(connection)
        else:
            LIBPQ.PQsendQueryParams(connection, word.encode(), 0, None, None, None, None, 0)
            waiting += 1
            continue
        LIBPQ.PQflush(connection)
        while waiting > 0 and take_answer(connection):
            waiting -= 1


def take_answer(connection):
    """Prints the answer to a statement or Sync. False if the connection is lost."""
    while result := ctypes.c_void_p(LIBPQ.PQgetResult(connection)):
        status = LIBPQ.PQresultStatus(result)
        if status == PIPELINE_SYNC:
            return True
        if status == PIPELINE_ABORTED:
            print("aborted")
        else:
            print(describe(result), flush=True)
    return LIBPQ.PQstatus(connection) == 0


def describe(result):
    error = LIBPQ.PQresultErrorField(result, SQLSTATE)
    if error:
        return error.decode()
    rows = [LIBPQ.PQgetvalue(result, row, 0).decode() for row in range(LIBPQ.PQntuples(result))]
    return " ".join([LIBPQ.PQcmdStatus(result).decode()] + rows)


if __name__ == "__main__":
    main()
