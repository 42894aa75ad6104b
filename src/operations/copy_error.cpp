#include "operations/copy_error.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

#include "catalog/metadata.h"

namespace herd::operations {

// The context line of COPY begins with "COPY orders" in every language. Null if it is not there.
static char* FindCopyContext(char* context, const char* prefix) {
    size_t length = strlen(prefix);
    for (char* line = context; line != nullptr;) {
        if (strncmp(line, prefix, length) == 0) return line;
        char* end = strchr(line, '\n');
        line = end == nullptr ? nullptr : end + 1;
    }
    return nullptr;
}

static void RemoveLine(char* line) {
    char* end = strchr(line, '\n');
    if (end == nullptr)
        *line = '\0';
    else
        memmove(line, end + 1, strlen(end + 1) + 1);
}

static char* ReplaceNumber(char* context, char* number, uint64 value) {
    char* behind;
    strtoul(number, &behind, 10);
    char* head = pnstrdup(context, number - context);
    return psprintf("%s" UINT64_FORMAT "%s", head, value, behind);
}

void MapCopyErrorLines(ErrorData* error, const LineMap* map) {
    if (error->context == nullptr) return;
    char* prefix = psprintf("COPY %s", map->relation_name);
    char* line = FindCopyContext(error->context, prefix);
    if (line == nullptr) return;
    char* number = line + strlen(prefix);
    while (*number != '\0' && *number != '\n' && !isdigit(static_cast<unsigned char>(*number))) number++;
    if (!isdigit(static_cast<unsigned char>(*number))) return;
    uint64 sent_line = strtoul(number, nullptr, 10);
    bool known = sent_line >= 1 && sent_line <= static_cast<uint64>(map->count) && map->lines[sent_line - 1] > 0;
    if (known) {
        error->context = ReplaceNumber(error->context, number, map->lines[sent_line - 1]);
        return;
    }
    RemoveLine(line);
    if (error->context[0] == '\0') error->context = nullptr;
}

void MapCopyErrorSchema(ErrorData* error, const LineMap* map) {
    ShardId shard;
    int schema_number;
    if (error->schema_name != nullptr && catalog::ParseShardSchemaName(error->schema_name, &shard, &schema_number))
        error->schema_name = pstrdup(map->schema_name);
}

}  // namespace herd::operations
