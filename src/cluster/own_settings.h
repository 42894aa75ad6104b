// The settings of this session that travel to nodes with its statements, and their values. Of user_settings.cpp.
#pragma once

#include "postgres/pg.h"

struct config_generic;

namespace herd::cluster {

enum class Travels : uint8 {
    kAlways,
    kIfChosen,  // by the user, his role or his database; a value from a configuration file is this server's own affair
};

// Built-in ones come first; then placeholders of customized ones ("app.tenant"), which are never forgotten.
struct UserSetting {
    char* name;
    Travels travels;
    config_generic* record;  // null: there is none (any more)
    int slot;                // of a placeholder in the server's array
    bool chosen;             // as of own_settings_generation
    int number;              // likewise, if it is no text
    char* text;              // likewise; null: the default
};

extern UserSetting* own_settings;
extern int own_setting_count;
extern uint64 own_settings_generation;  // grows with every change; 0: not looked at yet

// Brings all of that up to date. Cheap if nothing has changed.
void NoticeChanges();

// A custom setting is a placeholder here, but may be more on a node, where the service role could set what the user may not.
bool IsCustom(int index);

// Of a name that need not be known here yet.
int IndexOfSetting(const char* name);

}  // namespace herd::cluster
