#include "postgres/entry.h"

namespace herd::postgres {

void CopyException(CaughtException& caught, int sqlstate, const char* message) {
    caught.sqlstate = sqlstate;
    strlcpy(caught.message, message, sizeof(caught.message));
}

void RaiseCaught(const CaughtException& caught) {
    ereport(ERROR, (errcode(caught.sqlstate), errmsg_internal("%s", caught.message)));
    pg_unreachable();
}

}  // namespace herd::postgres
