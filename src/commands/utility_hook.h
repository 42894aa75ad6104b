// What Herd does around utility statements: PostgreSQL runs them on the shells, then the shards follow from the catalog.
//
// One record per kind of statement (ddl/handlers.h) says who handles it. What a handler does not know of a distributed table raises
// feature_not_supported before anything has changed. Whatever a statement drops, directly or by cascade, is noticed by the
// object access hook and dropped on the shards when the statement ends.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <catalog/objectaccess.h>
#include <tcop/utility.h>
}

namespace herd::commands {

// A utility statement on its way, as ProcessUtility_hook gets it. next: the previous hook or standard_ProcessUtility.
struct UtilityCall {
    PlannedStmt* statement;
    const char* query_string;
    bool read_only_tree;
    ProcessUtilityContext context;
    ParamListInfo parameters;
    QueryEnvironment* environment;
    DestReceiver* receiver;
    QueryCompletion* completion;
    ProcessUtility_hook_type next;
};

// The body of ProcessUtility_hook.
void ProcessUtilityStatement(UtilityCall call);
// The body of object_access_hook; the previous hook is the caller's business.
void NoticeObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, const void* argument);

// Registers transaction callbacks; once, in _PG_init.
void RegisterUtilityCallbacks();

// --- for handlers ---

// Runs the statement as if Herd was not there.
void RunStandard(const UtilityCall& call);
// The same with shells as mere definitions: index builds find no rows, scans yield none.
void RunOnShells(const UtilityCall& call);
// The statement's own tree, safe to change.
Node* ModifiableStatement(UtilityCall& call);

}  // namespace herd::commands
