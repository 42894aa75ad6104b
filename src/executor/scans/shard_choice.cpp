#include "executor/scans/shard_choice.h"

#include "catalog/metadata.h"

extern "C" {
#include <utils/array.h>
#include <utils/lsyscache.h>
}

namespace herd::executor {

using plan::Pruning;

static ShardChoice OneShard(int index) {
    int* indexes = (int*)palloc(sizeof(int));
    *indexes = index;
    return {indexes, 1};
}

static ShardChoice AllShards(int count) {
    int* indexes = (int*)palloc((count + 1) * sizeof(int));
    for (int i = 0; i < count; i++) indexes[i] = i;
    return {indexes, count};
}

// NULL elements match nothing by equality, so they choose no shard.
static ShardChoice ShardsOfArray(const catalog::DistributedTable* table, Oid array_type, Datum array) {
    Oid element = get_element_type(array_type);
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(element, &length, &by_value, &alignment);
    Datum* values;
    bool* nulls;
    int count;
    deconstruct_array(DatumGetArrayTypeP(array), element, length, by_value, alignment, &values, &nulls, &count);
    bool* chosen = (bool*)palloc0(table->group->shard_count * sizeof(bool));
    for (int i = 0; i < count; i++)
        if (!nulls[i]) chosen[catalog::ShardIndexOfValue(table, element, values[i], false)] = true;
    ShardChoice choice = AllShards(table->group->shard_count);
    choice.count = 0;
    for (int i = 0; i < table->group->shard_count; i++)
        if (chosen[i]) choice.indexes[choice.count++] = i;
    return choice;
}

ShardChoice ChooseShards(const plan::DistributedScan& scan, Oid key_type, Datum key, bool key_is_null) {
    const catalog::DistributedTable* table = catalog::GetTable(scan.relid);
    switch (scan.pruning) {
        case Pruning::kAllShards:
            return AllShards(table->group->shard_count);
        case Pruning::kNullKey:
            return OneShard(catalog::ShardIndexOfValue(table, table->key_type, (Datum)0, true));
        case Pruning::kByKey:
        case Pruning::kByParameter:
            return OneShard(catalog::ShardIndexOfValue(table, key_type, key, key_is_null));
        case Pruning::kByCursor:
            break;
        case Pruning::kByKeyArray:
            if (key_is_null) return ShardChoice{nullptr, 0};
            return ShardsOfArray(table, key_type, key);
    }
    elog(ERROR, "a cursor's row is not looked for by value");
}

}  // namespace herd::executor
