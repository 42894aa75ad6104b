// The statements that make a shard relation equal to its shell, composed from the catalog (pg_get_indexdef,
// pg_get_constraintdef, …), fully qualified with the shard's schema, with the user's own names for indexes and constraints.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

namespace herd::deparse {

// CREATE TABLE with the same columns in the same attribute numbers (dropped columns are created and dropped), types by qualified name,
// collations, NOT NULL, storage, compression, generated columns, statistics targets, reloptions; always USING heap. No defaults, no identity: the
// coordinator evaluates those. A list of char* statements.
List* ShardTableStatements(const catalog::DistributedTable* table, ShardId shard);

// Check constraints, primary key, unique, exclusion, and indexes that are not of a constraint. List of char*.
List* ShardIndexAndCheckStatements(const catalog::DistributedTable* table, ShardId shard);

// Foreign keys of the table (they need the referenced shard relations to exist). List of char*. shard_index: of `shard` in its group.
List* ShardForeignKeyStatements(const catalog::DistributedTable* table, int shard_index);

// One index or constraint, for CREATE INDEX and ADD CONSTRAINT on a distributed table.
char* ShardIndexStatement(const catalog::DistributedTable* table, ShardId shard, Oid index);
char* ShardConstraintStatement(const catalog::DistributedTable* table, int shard_index, Oid constraint);

// A statistics object, for CREATE STATISTICS on a distributed table.
char* ShardStatisticsStatement(const catalog::DistributedTable* table, int shard_index, Oid statistics);

// CREATE SCHEMA IF NOT EXISTS / CREATE TYPE / CREATE DOMAIN for the user-defined types that the table's columns need, in
// order of dependency, each as a statement that does nothing if the object exists already. Enums, domains (with checks) and composites;
// raises feature_not_supported for others that do not belong to an extension.
List* RequiredTypeStatements(Oid relid);

// To be executed on a node before these: drop what is left there of a time when a type was used, if it has been changed here since.
List* ChangedTypeStatements(Oid relid);

// The statements that make a type and the types that it is made of: equal where these are.
char* TypeDefinition(Oid type);
// For a node, where the type may be missing. It is left if its TypeDefinition() is this one (null: it is not).
char* DropTypeStatement(const char* qualified_name, const char* unless_defined_by);

}  // namespace herd::deparse
