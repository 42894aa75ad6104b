// The text of a table's security label: how the table is distributed, so that pg_dump carries it along.
//   hash("user id") shards=32 group=<uuid> default
//   reference group=<uuid>
// All but the method and its column may be left out.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

namespace herd::commands {

struct DistributionLabel {
    catalog::Method method;
    const char* column;  // null for reference
    int shard_count;     // 0: not said
    const char* group;   // uuid, null: not said
    bool is_default;     // the group that colocate_with => 'default' joins
};

// Raises invalid_parameter_value for any other text.
DistributionLabel ParseDistributionLabel(const char* text);
char* FormatDistributionLabel(const DistributionLabel& label);

// What the label of a distributed table must say.
char* LabelOfTable(const catalog::DistributedTable* table);
// Writes it (or removes it, with a null text).
void WriteLabel(Oid relid, const char* text);

// Label provider "herd": labels reach tables through the utility hook only; this refuses everything else.
void RegisterLabelProvider();

}  // namespace herd::commands
