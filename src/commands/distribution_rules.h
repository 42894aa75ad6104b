// What a distributed table may look like. Every rule raises with what, why and what to do instead; the same rules hold when a table
// is distributed and when DDL changes one.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <utils/relcache.h>
}

namespace herd::commands {

// How the rules see a table: distributed, or about to be.
struct Distribution {
    Oid relid;
    catalog::Method method;
    GroupId group;         // only for foreign keys to other tables
    AttrNumber key_attno;  // InvalidAttrNumber for reference tables
    KeyClass key_class;    // meaningless for reference tables
};
Distribution DistributionOf(const catalog::DistributedTable* table);

// Kind of relation, persistence, inheritance, triggers, rules, publications: whatever the distribution.
void CheckRelationKind(Relation relation);

// The attribute number of a column that can be a distribution column.
AttrNumber CheckKeyColumn(Relation relation, const char* column);

// A unique index must contain the distribution column; expressions may call only functions that exist on every node.
void CheckIndex(const Distribution& distribution, Oid index);
// Expressions of a statistics object (CREATE STATISTICS): likewise.
void CheckStatistics(Oid statistics);
// Check and exclusion constraints, and foreign keys of the table.
void CheckConstraint(const Distribution& distribution, Oid constraint);
// All indexes, constraints, statistics objects and columns (what these compute, and the domains of their types).
void CheckDefinition(const Distribution& distribution, Relation relation);
void CheckColumns(Relation relation);

// Foreign keys of local tables to shells check nothing when the shell's rows change, so they may exist only while the local table
// has no rows: until it is distributed, too. Raises otherwise; `action` says what can't be done to the table.
void CheckReferencingTablesAreEmpty(Relation relation, const char* action);
void CheckLocalForeignKeys(Oid relid);
// A distributed table that others refer to, or that refers to others, can't become local.
void CheckHasNoForeignKeys(Relation relation);
// The query of a foreign key's trigger must not reach a shell: the trigger is that of a local table.
void CheckForeignKeyQuery(const Query* query);

}  // namespace herd::commands
