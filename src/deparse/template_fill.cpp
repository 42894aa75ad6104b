#include "deparse/query_sql.h"

namespace herd::deparse {

namespace {

struct Piece {
    const char* name;
    size_t length;
};

// One name per relation, however many holes it has.
void NameHoles(const plan::SqlTemplate& sql, const char* (*namer)(Oid, void*), void* argument, Piece* names) {
    for (int i = 0; i < sql.hole_count; i++) {
        int same = 0;
        while (sql.holes[same].relid != sql.holes[i].relid) same++;
        if (same < i) {
            names[i] = names[same];
            continue;
        }
        const char* name = namer(sql.holes[i].relid, argument);
        names[i] = Piece{name, strlen(name)};
    }
}

}  // namespace

char* FillTemplate(const plan::SqlTemplate& sql, const char* (*namer)(Oid relid, void* argument), void* argument) {
    constexpr int kUsual = 16;
    Piece on_stack[kUsual];
    auto* names = sql.hole_count <= kUsual
                      ? on_stack
                      : static_cast<Piece*>(palloc(sizeof(Piece) * static_cast<size_t>(sql.hole_count)));
    NameHoles(sql, namer, argument, names);

    size_t length = strlen(sql.text);
    size_t filled_length = length + 1;
    for (int i = 0; i < sql.hole_count; i++) filled_length += names[i].length;

    auto* filled = static_cast<char*>(palloc(filled_length));
    char* to = filled;
    size_t from = 0;
    for (int i = 0; i < sql.hole_count; i++) {
        size_t before = static_cast<size_t>(sql.holes[i].offset) - from;
        memcpy(to, sql.text + from, before);
        memcpy(to + before, names[i].name, names[i].length);
        to += before + names[i].length;
        from += before;
    }
    memcpy(to, sql.text + from, length - from + 1);
    return filled;
}

}  // namespace herd::deparse
