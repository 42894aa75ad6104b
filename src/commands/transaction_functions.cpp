#include "postgres/pg.h"

#include "postgres/entry.h"
#include "transaction/recovery.h"

HERD_FUNCTION(herd_recover_transactions) {
    (void)fcinfo;
    PG_RETURN_INT32(herd::transaction::RecoverTransactions(herd::transaction::RecoveryBy::kUser).resolved);
}
