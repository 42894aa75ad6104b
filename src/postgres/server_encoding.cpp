#include "postgres/server_encoding.h"

#include "postgres/error.h"

extern "C" {
#include <mb/pg_wchar.h>
}

namespace herd::postgres {

void RunInServerEncoding(void (*step)(void*), void* argument) {
    int client_encoding = pg_get_client_encoding();
    if (client_encoding == GetDatabaseEncoding()) {
        step(argument);
        return;
    }
    SetClientEncoding(GetDatabaseEncoding());
    ErrorData* error = CatchError(step, argument);
    SetClientEncoding(client_encoding);
    if (error != nullptr) ReThrowError(error);
}

}  // namespace herd::postgres
