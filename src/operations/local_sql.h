// SQL on the own node by Herd itself: as the bootstrap superuser, who owns the shards and Herd's tables, with a fixed
// search path, plain heap tables and plain formats of values, whoever the user is and whatever they have set.
#pragma once

#include "postgres/pg.h"

namespace herd::operations {

// What the user had; an error puts it back with the end of the (sub)transaction.
struct SuperuserScope {
    Oid user;
    int security_context;
    int settings_level;
};
SuperuserScope BeginSuperuser();
void EndSuperuser(const SuperuserScope& scope);

// One or several statements, utility statements too.
void RunLocalSql(const char* sql);

// A parameter of a local statement.
struct SqlArgument {
    Oid type;
    Datum value;
    bool isnull = false;
};
SqlArgument TextArgument(const char* value);  // null pointer: NULL
SqlArgument IntArgument(int32 value);
SqlArgument BigintArgument(int64 value);
SqlArgument OidArgument(Oid value);
SqlArgument BoolArgument(bool value);

// One statement with $1 … $n; the number of rows.
uint64 RunLocalSql(const char* sql, std::initializer_list<SqlArgument> arguments);
// Its first value as text, palloc'd in the caller's context; null if there is no row or the value is NULL.
char* QueryLocalText(const char* sql, std::initializer_list<SqlArgument> arguments);
int64 QueryLocalInteger(const char* sql, std::initializer_list<SqlArgument> arguments);

}  // namespace herd::operations
