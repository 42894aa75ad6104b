// What a distributed table may look like. Every rule raises with what, why and what to do instead; the same rules hold when a table
// is distributed and when DDL changes one.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/nodes.h>
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
// Check and exclusion constraints, and foreign keys of the table.
void CheckConstraint(const Distribution& distribution, Oid constraint);
// All indexes, constraints and generated columns.
void CheckDefinition(const Distribution& distribution, Relation relation);
void CheckGeneratedColumns(Relation relation);
// `what` names the expression's owner in the message, like: index "i".
void CheckExpression(Node* expression, const char* what);

// No other table may refer to this one (a table can't be distributed or undistributed under a foreign key).
void CheckNotReferenced(Relation relation, const char* action);
// A local table may not refer to a shell.
void CheckLocalForeignKeys(Oid relid);

}  // namespace herd::commands
