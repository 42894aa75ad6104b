#include "cluster/expected_replies.h"

namespace herd::cluster {

namespace {

void GrowReplies(Connection* connection) {
    int capacity = connection->reply_capacity == 0 ? 64 : connection->reply_capacity * 2;
    auto* replies = static_cast<Reply*>(MemoryContextAllocZero(connection->context, capacity * sizeof(Reply)));
    for (int i = 0; i < connection->reply_count; i++)
        replies[i] = connection->replies[(connection->reply_first + i) % connection->reply_capacity];
    if (connection->replies != nullptr) pfree(connection->replies);
    connection->replies = replies;
    connection->reply_first = 0;
    connection->reply_capacity = capacity;
}

// Libpq must be told to hand out rows singly right when a statement becomes the current one.
void BeginHead(Connection* connection) {
    if (connection->reply_count == 0) return;
    Reply* head = FirstReply(connection);
    if (head->kind == ReplyKind::kStatement && !head->result->whole) PQsetSingleRowMode(connection->pg);
}

}  // namespace

void ExpectReply(Connection* connection, Reply reply) {
    if (connection->reply_count == connection->reply_capacity) GrowReplies(connection);
    int at = (connection->reply_first + connection->reply_count) % connection->reply_capacity;
    connection->replies[at] = reply;
    if (++connection->reply_count == 1) BeginHead(connection);
}

void PopReply(Connection* connection) {
    connection->reply_first = (connection->reply_first + 1) % connection->reply_capacity;
    connection->reply_count--;
    BeginHead(connection);
}

}  // namespace herd::cluster
