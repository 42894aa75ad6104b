// How values of a type travel from a node and are decoded. Internal to this module.
#pragma once

#include "postgres/pg.h"

#include "catalog/binary_forms.h"

namespace herd::cluster {

inline bool NeedsNoFunction(catalog::BinaryForm form) { return form < catalog::BinaryForm::kText; }

struct TypeDecoding {
    bool is_binary;            // has it a binary form that is the same on all nodes?
    catalog::BinaryForm form;  // kText if it has none
    bool is_domain;
    int32 domain_typmod;
    Oid function;  // if the form needs one
    Oid io_parameter;
};

// What the catalogs say of a type, kept as long as they say the same: decoders are made for every statement.
TypeDecoding FindTypeDecoding(Oid type);

}  // namespace herd::cluster
