#include "operations/local_sql.h"

extern "C" {
#include <catalog/pg_authid.h>
#include <catalog/pg_type.h>
#include <executor/spi.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/guc.h>
}

namespace herd::operations {

static constexpr int kMaxArguments = 12;

static void SetForScope(const char* name, const char* value) {
    set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

SuperuserScope BeginSuperuser() {
    SuperuserScope scope;
    GetUserIdAndSecContext(&scope.user, &scope.security_context);
    SetUserIdAndSecContext(BOOTSTRAP_SUPERUSERID, scope.security_context | SECURITY_LOCAL_USERID_CHANGE);
    scope.settings_level = NewGUCNestLevel();
    SetForScope("search_path", "pg_catalog, pg_temp");
    SetForScope("default_table_access_method", "heap");
    SetForScope("default_tablespace", "");
    SetForScope("client_min_messages", "warning");
    SetForScope("jit", "off");
    SetForScope("standard_conforming_strings", "on");
    SetForScope("transform_null_equals", "off");
    SetForScope("array_nulls", "on");
    SetForScope("xmloption", "content");
    SetForScope("quote_all_identifiers", "off");
    SetForScope("datestyle", "ISO");
    SetForScope("intervalstyle", "postgres");
    SetForScope("extra_float_digits", "3");
    return scope;
}

void EndSuperuser(const SuperuserScope& scope) {
    AtEOXact_GUC(false, scope.settings_level);
    SetUserIdAndSecContext(scope.user, scope.security_context);
}

static void Connect() {
    if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
}

static void CheckExecuted(int result) {
    if (result < 0) elog(ERROR, "statement failed: %s", SPI_result_code_string(result));
}

void RunLocalSql(const char* sql) {
    SuperuserScope scope = BeginSuperuser();
    Connect();
    CheckExecuted(SPI_execute(sql, false, 0));
    SPI_finish();
    EndSuperuser(scope);
}

SqlArgument TextArgument(const char* value) {
    if (value == nullptr) return {TEXTOID, (Datum)0, true};
    return {TEXTOID, CStringGetTextDatum(value)};
}
SqlArgument IntArgument(int32 value) { return {INT4OID, Int32GetDatum(value)}; }
SqlArgument BigintArgument(int64 value) { return {INT8OID, Int64GetDatum(value)}; }
SqlArgument OidArgument(Oid value) { return {OIDOID, ObjectIdGetDatum(value)}; }
SqlArgument BoolArgument(bool value) { return {BOOLOID, BoolGetDatum(value)}; }

static void ExecuteConnected(const char* sql, std::initializer_list<SqlArgument> arguments) {
    Oid types[kMaxArguments];
    Datum values[kMaxArguments];
    char nulls[kMaxArguments];
    int count = 0;
    Assert(arguments.size() <= kMaxArguments);
    for (const SqlArgument& argument : arguments) {
        types[count] = argument.type;
        values[count] = argument.value;
        nulls[count] = argument.isnull ? 'n' : ' ';
        count++;
    }
    CheckExecuted(SPI_execute_with_args(sql, count, types, values, nulls, false, 0));
}

uint64 RunLocalSql(const char* sql, std::initializer_list<SqlArgument> arguments) {
    SuperuserScope scope = BeginSuperuser();
    Connect();
    ExecuteConnected(sql, arguments);
    uint64 rows = SPI_processed;
    SPI_finish();
    EndSuperuser(scope);
    return rows;
}

char* QueryLocalText(const char* sql, std::initializer_list<SqlArgument> arguments) {
    MemoryContext caller = CurrentMemoryContext;
    SuperuserScope scope = BeginSuperuser();
    Connect();
    ExecuteConnected(sql, arguments);
    char* result = nullptr;
    if (SPI_processed > 0) {
        char* value = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
        if (value != nullptr) result = MemoryContextStrdup(caller, value);
    }
    SPI_finish();
    EndSuperuser(scope);
    return result;
}

int64 QueryLocalInteger(const char* sql, std::initializer_list<SqlArgument> arguments) {
    char* text = QueryLocalText(sql, arguments);
    if (text == nullptr) elog(ERROR, "no value from: %s", sql);
    return pg_strtoint64(text);
}

}  // namespace herd::operations
