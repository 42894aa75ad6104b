#include "transaction/settings.h"

#include "postgres/pg.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::transaction {

int commit_timeout = 10000;
int recovery_interval = 10000;
bool allow_weak_serializable = false;

void RegisterTransactionSettings() {
    DefineCustomIntVariable("herd.commit_timeout", "How long a commit waits for the answers of the nodes.",
                            "In milliseconds. A transaction that is decided by then is finished by "
                            "the background worker.",
                            &commit_timeout, 10000, 10, 3600000, PGC_USERSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomIntVariable(
        "herd.recovery_interval", "How often the background worker looks for prepared transactions.",
        "In milliseconds. Sessions that could not finish one on a node ask for a look at once.", &recovery_interval,
        10000, 100, 3600000, PGC_SIGHUP, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable("herd.allow_weak_serializable", "Lets SERIALIZABLE transactions use more than one node.",
                             "They are then serializable on each node, but not over all of them.",
                             &allow_weak_serializable, false, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

}  // namespace herd::transaction
