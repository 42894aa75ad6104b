// What a second connection to a node is good for.
#include "cluster/connection_list.h"
#include "cluster/settings.h"

namespace herd::cluster {

bool OpenBySteps(PGconn* pg, TimestampTz deadline, Interrupts interrupts) {
    if (PQstatus(pg) == CONNECTION_BAD) return false;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        uint32 events = status == PGRES_POLLING_READING ? WL_SOCKET_READABLE : WL_SOCKET_WRITEABLE;
        if (WaitForOpening(pg, events, deadline, interrupts) == 0) return false;
        status = PQconnectPoll(pg);
    }
    return status == PGRES_POLLING_OK;
}

namespace {

bool RunCancel(PGconn* pg, int pid, TimestampTz deadline) {
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT pg_catalog.pg_cancel_backend(%d)", pid);
    if (!OpenBySteps(pg, deadline, Interrupts::kHold) || PQsendQuery(pg, sql) == 0) return false;
    while (PQisBusy(pg) != 0) {
        if (WaitForOpening(pg, WL_SOCKET_READABLE, deadline, Interrupts::kHold) == 0) return false;
        if (PQconsumeInput(pg) != 1) return false;
    }
    PGresult* result = PQgetResult(pg);
    bool canceled = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
                    strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    PQclear(result);
    return canceled;
}

}  // namespace

bool CancelStatement(Connection* connection, TimestampTz deadline) {
    if (IsBroken(connection)) return false;
    PGconn* pg = PQconnectStartParams(connection->keywords, connection->values, 0);
    bool canceled = pg != nullptr && RunCancel(pg, PQbackendPID(connection->pg), deadline);
    PQfinish(pg);
    return canceled;
}

bool IsAnswering(const Connection* connection) {
    PGconn* pg = PQconnectStartParams(connection->keywords, connection->values, 0);
    bool answers = pg != nullptr && OpenBySteps(pg, DeadlineIn(connect_timeout), Interrupts::kHold);
    PQfinish(pg);
    return answers;
}

}  // namespace herd::cluster
