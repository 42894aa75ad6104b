// Values that a lookup will be asked for, from the scan that reads the rows ahead that ask (read_ahead.h). They meet at a parameter of the
// executor, as PostgreSQL's own nodes do that share something.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/execnodes.h>
}

namespace herd::executor {

struct KeyFeed {
    int64 batch;  // number of the batch of rows, from 1
    Datum* values;
    bool* nulls;
    int count;             // one for each row
    bool is_last;          // no rows follow, as far as is known
    double rows;           // so far
    double expected_rows;  // in all, as planned
    bool is_wanted;        // by the lookup
};

inline void OfferFeed(EState* estate, int parameter, KeyFeed* feed) {
    estate->es_param_exec_vals[parameter].value = PointerGetDatum(feed);
}

// Null if there is none.
inline KeyFeed* FindFeed(const EState* estate, int parameter) {
    if (parameter < 0) return nullptr;
    return (KeyFeed*)DatumGetPointer(estate->es_param_exec_vals[parameter].value);
}

}  // namespace herd::executor
