// Columns of one query level that equal each other, and columns of outer levels and values that they equal.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <nodes/primnodes.h>
}

namespace herd::planner {

// A member of WITH RECURSIVE while its own rows are looked at: those that it has found already.
struct FoundRows {
    const char* name;
    const struct Spread* spread;
};

// A query and those around it, while their spread is looked for.
struct Level {
    const Level* outer;
    Query* query;
    List* keys;       // LevelKey*: columns of this level's rows that equal the key of their shard, as far as known
    bool is_outside;  // around what is looked at: its rows are on their shards, but its WITH is not
    const FoundRows* found = nullptr;  // of a member of its WITH
};

struct LevelKey {
    int rtindex;
    AttrNumber attno;
    bool may_be_null;
};

// The column behind relabeling and join aliases, with varlevelsup from `level`; null if it is none, or has another notion of equality.
Var* PlainColumn(const Level* level, Node* expression);

const LevelKey* FindLevelKey(List* keys, const Var* column);
// Of a query's output column, among the keys of its result.
const LevelKey* FindOutputKey(List* keys, AttrNumber column);
// Among the keys of the level that the column belongs to?
const LevelKey* FindPlacedColumn(const Level* level, const Var* column);

// A List of classes, each a List of Var and of computable expressions, from conditions that all hold.
List* FindKeyClasses(const Level* level, const catalog::Group* group, List* conditions);

bool SameColumn(const Var* a, const Var* b);

}  // namespace herd::planner
