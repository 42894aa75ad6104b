// Parts of a query level that each shard can compute by itself, and their composition.
//
// A fragment is made of the planner's own pieces: range table numbers and expressions are those of the PlannerInfo. It becomes a
// Query only when its gather is planned (fragment_query.h).
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// A column that equals the distribution key of the shard where its row is computed.
struct KeyColumn {
    Index relid;
    AttrNumber attno;
    bool may_be_null;  // an outer join may have made it NULL: fine for equality, not for grouping
};

// A relation whose rows are read here first and travel to every task as arrays, to be joined there.
struct Broadcast {
    Relids relids;
    List* vars;  // the columns that travel
    Path* path;  // reads them, as its target list
    bool
        whole;  // all rows travel at once: they decide about rows of the shards, as the inner side of a join that is not an inner join
};

struct Fragment {
    const catalog::Group* group;  // null: only reference tables, every node has all rows
    Oid anchor;                   // a table of the group
    List* from;                   // FROM: RangeTblRefs and JoinExprs
    List* quals;                  // WHERE, implicit AND
    List* local;  // RestrictInfo*: filters that the nodes can't apply; applied here to the rows that come
    List* keys;   // KeyColumn*
    plan::Pruning pruning;
    Node* key;      // of the pruning, computable
    double tuples;  // rows that the shards read, over all
    // Broadcast*. Many rows travel in several batches (unless `whole`), and the fragment runs for each: whatever must see all rows
    // at once is not computed in it.
    List* broadcasts;
};

// In FROM a broadcast is a RangeTblRef with the smallest range table index of its relations.
int PlaceOf(const Broadcast* broadcast);
const Broadcast* BroadcastOf(const Fragment* fragment, Index relid);

// The fragment that computes this relation completely, or null. Kept at the RelOptInfo.
Fragment* FragmentOf(const RelOptInfo* rel);
// The same, or one whose rows are still to be filtered here (Fragment::local): fit for joins.
Fragment* JoinableFragmentOf(const RelOptInfo* rel);
void SetFragment(RelOptInfo* rel, Fragment* fragment);

// Of one base relation. Null if something about it doesn't travel that can't be checked later either.
Fragment* BaseFragment(PlannerInfo* root, RelOptInfo* rel, Oid shell);

// The same of the rows that these conditions leave (RestrictInfo*).
Fragment* BaseFragmentWhere(PlannerInfo* root, RelOptInfo* rel, Oid shell, List* conditions);

// May this condition be checked on the nodes, in one WHERE clause with others? And all of these?
bool ConditionTravels(PlannerInfo* root, RestrictInfo* condition);
bool ConditionsTravel(PlannerInfo* root, List* conditions);
// Puts the conditions that don't travel among those that are checked here. False if one must not wait for that.
bool DivideTravelling(PlannerInfo* root, List* conditions, List** travelling, List** local);

// Null if a shard can't join its parts alone. jointype: INNER, LEFT, FULL, SEMI or ANTI.
Fragment* JoinFragments(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                        List* restrictlist);

// FROM and WHERE of `joined`: the left fragment, joined (INNER or LEFT) with one more item whose own conditions are item_quals.
void AppendJoin(const RelOptInfo* joinrel, const Fragment* left, RangeTblRef* item, List* item_quals, JoinType jointype,
                List* restrictlist, Fragment* joined);

// The same, given the parts: either may be a broadcast. Null too if rows that find no partner here might find one elsewhere.
Fragment* JoinParts(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, const Fragment* left,
                    const Fragment* right, JoinType jointype, List* restrictlist);

// A join of the outer or the inner side, a fragment, with the other one's rows, which are broadcast. Null if the nodes can't do it.
Fragment* JoinBroadcast(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner,
                        bool broadcast_outer, JoinType jointype, List* restrictlist);

// Can the column be asked for in a shard? A row's ctid can, which says where the row is in its shard, and the transactions that made it.
bool IsPlainColumn(const Var* var);

// Do all columns that the relation must deliver exist in rows of SQL: plain columns, nothing computed below an outer join?
bool DeliversPlainColumns(const RelOptInfo* rel);

// Is the expression a column that holds the shard's key, never NULL by an outer join?
bool IsKeyOf(const Fragment* fragment, Node* expression);
// The fragment's key column that the expression is, seen through relabeling; null if there is none.
const KeyColumn* FindKey(const Fragment* fragment, Node* expression);
Var* PlainColumn(Node* expression);

}  // namespace herd::planner
