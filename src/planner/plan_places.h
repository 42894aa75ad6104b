// Where a finished plan's nodes have others below them.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/extensible.h>
#include <nodes/plannodes.h>
}

namespace herd::planner {

// Plan** each; subplans of expressions are not among them.
inline List* PlacesBelow(Plan* node) {
    List* places = NIL;
    if (node->lefttree != nullptr) places = lappend(places, &node->lefttree);
    if (node->righttree != nullptr) places = lappend(places, &node->righttree);
    List* others = NIL;
    if (IsA(node, Append)) others = ((Append*)node)->appendplans;
    if (IsA(node, MergeAppend)) others = ((MergeAppend*)node)->mergeplans;
    if (IsA(node, CustomScan)) others = ((CustomScan*)node)->custom_plans;
    if (IsA(node, SubqueryScan)) places = lappend(places, &((SubqueryScan*)node)->subplan);
    ListCell* cell;
    foreach (cell, others) places = lappend(places, &lfirst(cell));
    return places;
}

}  // namespace herd::planner
