// Which input may travel as lines, and what a shard's COPY must know to read them.
#include "commands/copy_rows.h"
#include "commands/portable_input.h"

extern "C" {
#include <commands/copyfrom_internal.h>
#include <utils/rel.h>
}

namespace herd::commands {

static bool HasRemotePlacement(const catalog::Group* group) {
    for (int i = 0; i < group->shard_count; i++)
        for (int j = 0; j < group->shards[i].node_count; j++)
            if (group->shards[i].nodes[j] != kOwnNode) return true;
    return false;
}

static InputPlace PlaceOfColumn(CopyFromState input, int attnum) {
    return WhereToReadInput(TupleDescAttr(RelationGetDescr(input->rel), attnum - 1)->atttypid);
}

bool CanNodesReadLines(CopyFromState input, const catalog::DistributedTable* table, bool words_apart) {
    if (!HasRemotePlacement(table->group)) return true;
    ListCell* cell;
    foreach (cell, input->attnumlist) {
        InputPlace place = PlaceOfColumn(input, lfirst_int(cell));
        if (place == InputPlace::kHere || (place == InputPlace::kAnywhereButWords && !words_apart)) return false;
    }
    return true;
}

bool CanCopyLines(CopyFromState input, const catalog::DistributedTable* table) {
    if (input->opts.binary || input->num_defaults > 0 || input->whereClause != nullptr) return false;
    return CanNodesReadLines(input, table, true);
}

static List* ColumnNames(const List* strings) {
    List* names = NIL;
    ListCell* cell;
    foreach (cell, strings) names = lappend(names, strVal(lfirst(cell)));
    return names;
}

void FindFieldsWithWords(CopyFromState input, const catalog::DistributedTable* table, bool* words) {
    if (!HasRemotePlacement(table->group)) return;
    ListCell* cell;
    foreach (cell, input->attnumlist)
        words[foreach_current_index(cell)] = PlaceOfColumn(input, lfirst_int(cell)) == InputPlace::kAnywhereButWords;
}

operations::ShardCopyFormat LineFormat(const CopyFormatOptions& options) {
    operations::ShardCopyFormat format{};
    format.encoding = options.csv_mode ? operations::CopyEncoding::kCsv : operations::CopyEncoding::kText;
    format.delimiter = options.delim;
    format.null_print = options.null_print;
    if (!options.csv_mode) return format;
    format.quote = options.quote;
    format.escape = options.escape;
    format.force_not_null = ColumnNames(options.force_notnull);
    format.force_null = ColumnNames(options.force_null);
    return format;
}

}  // namespace herd::commands
