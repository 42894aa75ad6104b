#include "executor/writes/row_place.h"

extern "C" {
#include <access/htup_details.h>
#include <port/pg_bitutils.h>
}

namespace herd::executor {

// From the top: shard, block, offset. The offset is never 0, and neither is the packed one.
static constexpr int kAllBits = 48;

static constexpr int BitsFor(unsigned largest) { return largest == 0 ? 0 : 1 + BitsFor(largest >> 1); }

static constexpr int kOffsetBits = BitsFor(MaxHeapTuplesPerPage);

static int BlockBits(const catalog::Group* group) {
    int shards = group->shard_count;
    return kAllBits - kOffsetBits - (shards > 1 ? pg_leftmost_one_pos32((uint32)(shards - 1)) + 1 : 0);
}

ItemPointerData PackRowPlace(const catalog::Group* group, const RowPlace& place) {
    int block_bits = BlockBits(group);
    uint64 block = ItemPointerGetBlockNumber(&place.ctid);
    if ((block >> block_bits) != 0)
        ereport(ERROR,
                (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("a shard is too large for this kind of statement"),
                 errdetail("Its table has more than %llu blocks.", 1ULL << block_bits)));
    uint64 bits = ((uint64)place.shard_index << (block_bits + kOffsetBits)) | (block << kOffsetBits) |
                  ItemPointerGetOffsetNumber(&place.ctid);
    ItemPointerData packed;
    ItemPointerSet(&packed, (BlockNumber)(bits >> 16), (OffsetNumber)(bits & 0xFFFF));
    return packed;
}

RowPlace UnpackRowPlace(const catalog::Group* group, const ItemPointerData& packed) {
    int block_bits = BlockBits(group);
    uint64 bits =
        ((uint64)ItemPointerGetBlockNumberNoCheck(&packed) << 16) | ItemPointerGetOffsetNumberNoCheck(&packed);
    RowPlace place;
    place.shard_index = (int)(bits >> (block_bits + kOffsetBits));
    ItemPointerSet(&place.ctid, (BlockNumber)((bits >> kOffsetBits) & ((1ULL << block_bits) - 1)),
                   (OffsetNumber)(bits & ((1ULL << kOffsetBits) - 1)));
    return place;
}

}  // namespace herd::executor
