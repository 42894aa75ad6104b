// The options of SERVERs and USER MAPPINGs of the foreign-data wrapper herd: how to connect to nodes.
#include "postgres/entry.h"

extern "C" {
#include <access/reloptions.h>
#include <catalog/pg_foreign_server.h>
#include <catalog/pg_user_mapping.h>
#include <commands/defrem.h>
#include <utils/builtins.h>
}

namespace herd::commands {

struct OptionName {
    const char* name;
    Oid catalog;
};

// libpq's names.
static constexpr OptionName kOptions[] = {
    {"host", ForeignServerRelationId},
    {"hostaddr", ForeignServerRelationId},
    {"port", ForeignServerRelationId},
    {"dbname", ForeignServerRelationId},
    {"connect_timeout", ForeignServerRelationId},
    {"keepalives", ForeignServerRelationId},
    {"keepalives_idle", ForeignServerRelationId},
    {"keepalives_interval", ForeignServerRelationId},
    {"keepalives_count", ForeignServerRelationId},
    {"tcp_user_timeout", ForeignServerRelationId},
    {"sslmode", ForeignServerRelationId},
    {"sslrootcert", ForeignServerRelationId},
    {"sslcrl", ForeignServerRelationId},
    {"sslcrldir", ForeignServerRelationId},
    {"sslsni", ForeignServerRelationId},
    {"ssl_min_protocol_version", ForeignServerRelationId},
    {"ssl_max_protocol_version", ForeignServerRelationId},
    {"channel_binding", ForeignServerRelationId},
    {"user", UserMappingRelationId},
    {"password", UserMappingRelationId},
    {"passfile", UserMappingRelationId},
    {"sslcert", UserMappingRelationId},
    {"sslkey", UserMappingRelationId},
    {"sslpassword", UserMappingRelationId},
};

static bool IsOption(const char* name, Oid catalog) {
    for (const OptionName& option : kOptions)
        if (option.catalog == catalog && strcmp(option.name, name) == 0) return true;
    return false;
}

static char* OptionsOfCatalog(Oid catalog) {
    StringInfoData list;
    initStringInfo(&list);
    for (const OptionName& option : kOptions)
        if (option.catalog == catalog) appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "", option.name);
    return list.data;
}

static void CheckOption(DefElem* option, Oid catalog) {
    if (!IsOption(option->defname, catalog)) {
        char* valid = OptionsOfCatalog(catalog);
        ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME), errmsg("invalid option \"%s\"", option->defname),
                        valid[0] ? errhint("Valid options in this context are: %s", valid)
                                 : errhint("There are no valid options in this context.")));
    }
    if (strcmp(option->defname, "port") == 0) {
        int port = pg_strtoint32(defGetString(option));
        if (port < 1 || port > 65535)
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid port: %d", port),
                            errdetail("Ports go from 1 to 65535.")));
    }
}

}  // namespace herd::commands

HERD_FUNCTION(herd_fdw_validator) {
    ListCell* cell;
    foreach (cell, untransformRelOptions(PG_GETARG_DATUM(0)))
        herd::commands::CheckOption(static_cast<DefElem*>(lfirst(cell)), PG_GETARG_OID(1));
    PG_RETURN_VOID();
}
