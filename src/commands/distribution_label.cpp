#include "commands/distribution_label.h"

#include "commands/settings.h"
#include "operations/local_sql.h"
#include "operations/metadata_writer.h"
#include "postgres/entry.h"
#include "postgres/error.h"

extern "C" {
#include <access/xact.h>
#include <catalog/objectaddress.h>
#include <catalog/pg_class.h>
#include <commands/seclabel.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/fmgrprotos.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

// The text and how far it was read.
struct LabelReader {
    const char* text;
    const char* position;
};

[[noreturn]] static void RaiseBadLabel(const LabelReader& reader) {
    ereport(ERROR, (errcode(kInvalidParameterValue), errmsg("invalid distribution label: \"%s\"", reader.text),
                    errdetail("It can't be understood from character %d on.",
                              static_cast<int>(reader.position - reader.text) + 1),
                    errhint("Labels read like: hash(column) shards=32 group=<uuid>, or: reference group=<uuid>.")));
    pg_unreachable();
}

static bool Accept(LabelReader& reader, const char* word) {
    size_t length = strlen(word);
    if (strncmp(reader.position, word, length) != 0) return false;
    reader.position += length;
    return true;
}

static void SkipBlanks(LabelReader& reader) {
    while (*reader.position == ' ') reader.position++;
}

// As quote_identifier() wrote it.
static char* ReadIdentifier(LabelReader& reader) {
    StringInfoData name;
    initStringInfo(&name);
    bool quoted = Accept(reader, "\"");
    while (quoted || *reader.position != ')') {
        if (*reader.position == '\0') RaiseBadLabel(reader);
        if (quoted && *reader.position == '"' && *++reader.position != '"') break;
        appendStringInfoChar(&name, *reader.position++);
    }
    if (name.len == 0) RaiseBadLabel(reader);
    return name.data;
}

static int ReadShardCount(LabelReader& reader) {
    char* end;
    long count = strtol(reader.position, &end, 10);
    if (end == reader.position || count < 1 || count > kMaxShards) RaiseBadLabel(reader);
    reader.position = end;
    return static_cast<int>(count);
}

static char* ReadUuid(LabelReader& reader) {
    size_t length = strspn(reader.position, "0123456789abcdef-");
    if (length != 36) RaiseBadLabel(reader);
    char* uuid = pnstrdup(reader.position, length);
    DirectFunctionCall1(uuid_in, CStringGetDatum(uuid));
    reader.position += length;
    return uuid;
}

DistributionLabel ParseDistributionLabel(const char* text) {
    LabelReader reader{text, text};
    DistributionLabel label{};
    if (Accept(reader, "hash(")) {
        label.method = catalog::Method::kHash;
        label.column = ReadIdentifier(reader);
        if (!Accept(reader, ")")) RaiseBadLabel(reader);
    } else if (Accept(reader, "reference")) {
        label.method = catalog::Method::kReference;
    } else {
        RaiseBadLabel(reader);
    }
    for (SkipBlanks(reader); *reader.position; SkipBlanks(reader)) {
        if (Accept(reader, "shards="))
            label.shard_count = ReadShardCount(reader);
        else if (Accept(reader, "group="))
            label.group = ReadUuid(reader);
        else if (Accept(reader, "default"))
            label.is_default = true;
        else
            RaiseBadLabel(reader);
    }
    return label;
}

char* FormatDistributionLabel(const DistributionLabel& label) {
    if (label.method == catalog::Method::kReference) return psprintf("reference group=%s", label.group);
    return psprintf("hash(%s) shards=%d group=%s%s", quote_identifier(label.column), label.shard_count, label.group,
                    label.is_default ? " default" : "");
}

char* LabelOfTable(const catalog::DistributedTable* table) {
    DistributionLabel label{};
    label.method = table->group->method;
    if (!table->is_reference()) label.column = get_attname(table->relid, table->key_attno, false);
    label.shard_count = table->group->shard_count;
    label.group = operations::GroupLabel(table->group->id);
    label.is_default = operations::IsDefaultGroup(table->group->id);
    return FormatDistributionLabel(label);
}

void WriteLabel(Oid relid, const char* text) {
    ObjectAddress table;
    ObjectAddressSet(table, RelationRelationId, relid);
    SetSecurityLabel(&table, "herd", text);
    CommandCounterIncrement();
}

static void CheckRelabel(const ObjectAddress*, const char*) {
    if (IsBinaryUpgrade) return;
    postgres::RaiseNotSupported("security labels of provider \"herd\" are for tables only",
                                "They say how a table is distributed.",
                                "Write SECURITY LABEL FOR herd ON TABLE, or use herd.create_distributed_table().");
}

extern "C" {
static void HerdCheckRelabel(const ObjectAddress* object, const char* label) {
    postgres::Enter([&]() { CheckRelabel(object, label); });
}
}

void RegisterLabelProvider() { register_label_provider("herd", HerdCheckRelabel); }

}  // namespace herd::commands
