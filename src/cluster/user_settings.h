// The user's settings that change what his statements do on a node, and which of them a node's session has.
//
// Promise: before a statement runs on a node, the session there has the values that hold here at this moment, whoever set them: SET, SET
// LOCAL, set_config(), a function's SET clause, or the rollback of one of them. Values are compared, not commands watched. An
// unchanged set of values costs a comparison of about ten of them.
//
// Not among them: what decides how the text of a statement is read (standard_conforming_strings, search_path, …), for Herd writes that text;
// timeouts of statements, which the coordinator keeps; locales (lc_*), which a node may lack: what depends on them is
// computed on the coordinator.
#pragma once

#include "postgres/pg.h"

namespace herd::cluster {

// What is known of one setting in a node's session.
struct SentSetting {
    char* value;          // in the connection's context; null: the session's default
    bool unknown;         // must be sent
    bool in_transaction;  // sent in the transaction that is open there: its end may undo it
    bool exists;          // a custom one that has been set there at some time: it is there, be it empty
};

struct SentSettings {
    uint64 generation;  // of the values here that the node has; 0: some have to be sent
    int count;
    SentSetting* settings;  // indexed like the values here
};

// For the options of a new connection: "-c name=value" for each setting that every connection starts with.
void AppendStartSettings(StringInfo options);
// What the node has after a connection with these options.
void NoteStartSettings(SentSettings* sent, MemoryContext context);

enum class SettingsForm : uint8 {
    kCall,      // one SELECT
    kCommands,  // SET and RESET, separated by semicolons, which return no rows: for DDL and COPY. Custom settings wait
};

// What gives the node what it lacks, or null. What is returned counts as sent. `context` is the connection's.
char* MakeSettingsCommand(SentSettings* sent, MemoryContext context, SettingsForm form, bool in_transaction);
// Nothing is known of the node's session any more.
void ForgetSettings(SentSettings* sent);
// The node undid something in its transaction: what was sent there is unknown now.
void ForgetSettingsOfTransaction(SentSettings* sent);
// The node's transaction committed.
void KeepSettingsOfTransaction(SentSettings* sent);

// For the session of this server that takes the connection over. False if there is too little room, or something is not known.
bool StoreSettings(const SentSettings* sent, char* text, int size, int* length);
void LoadSettings(SentSettings* sent, MemoryContext context, const char* text, int length);

}  // namespace herd::cluster
