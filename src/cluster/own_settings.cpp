#include "cluster/own_settings.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/guc.h>
#include <utils/guc_tables.h>
#include <utils/memutils.h>
}

namespace herd::cluster {

UserSetting* own_settings;
int own_setting_count;
uint64 own_settings_generation;

namespace {

struct TrackedSetting {
    const char* name;
    Travels travels;
};

constexpr TrackedSetting kTracked[] = {
    {"TimeZone", Travels::kAlways},
    {"DateStyle", Travels::kAlways},
    {"IntervalStyle", Travels::kAlways},
    {"extra_float_digits", Travels::kAlways},
    {"bytea_output", Travels::kAlways},
    {"lock_timeout", Travels::kAlways},
    {"synchronous_commit", Travels::kIfChosen},
    {"herd.plan_report", Travels::kIfChosen},
};

int setting_capacity;
int known_option_count;  // the server's, when placeholders were looked for

// ---- which settings there are ----

UserSetting* AddSetting(const char* name, Travels travels, config_generic* record) {
    if (own_setting_count == setting_capacity) {
        int capacity = setting_capacity == 0 ? 16 : setting_capacity * 2;
        Size size = sizeof(UserSetting) * capacity;
        own_settings = static_cast<UserSetting*>(own_settings == nullptr ? MemoryContextAlloc(TopMemoryContext, size)
                                                                         : repalloc(own_settings, size));
        setting_capacity = capacity;
    }
    char* copy = MemoryContextStrdup(TopMemoryContext, name);
    UserSetting* setting = &own_settings[own_setting_count++];
    *setting = {copy, travels, record, 0, false, 0, nullptr};
    return setting;
}

void AddBuiltInSettings() {
    config_generic** all = get_guc_variables();
    int count = GetNumConfigOptions();
    for (const TrackedSetting& tracked : kTracked)
        for (int i = 0; i < count; i++)
            if (strcmp(all[i]->name, tracked.name) == 0) AddSetting(tracked.name, tracked.travels, all[i]);
    Assert(own_setting_count == lengthof(kTracked));
}

bool IsPlaceholder(const config_generic* record) {
    return (record->flags & GUC_CUSTOM_PLACEHOLDER) != 0 && strncmp(record->name, "herd.", 5) != 0;
}

UserSetting* PlaceholderNamed(const char* name) {
    for (int i = lengthof(kTracked); i < own_setting_count; i++)
        if (strcmp(own_settings[i].name, name) == 0) return &own_settings[i];
    return AddSetting(name, Travels::kIfChosen, nullptr);
}

void FindPlaceholders() {
    config_generic** all = get_guc_variables();
    int count = GetNumConfigOptions();
    for (int i = lengthof(kTracked); i < own_setting_count; i++) own_settings[i].record = nullptr;
    for (int i = 0; i < count; i++) {
        if (!IsPlaceholder(all[i])) continue;
        UserSetting* setting = PlaceholderNamed(all[i]->name);
        setting->record = all[i];
        setting->slot = i;
    }
    known_option_count = count;
}

// An extension that defines a setting, or reserves its prefix, frees the placeholder. Then either the number of options differs, or
// another record stands in the placeholder's slot, or one of another name that reuses its memory.
bool ArePlaceholdersThere() {
    if (GetNumConfigOptions() != known_option_count) return false;
    config_generic** all = get_guc_variables();
    for (int i = lengthof(kTracked); i < own_setting_count; i++) {
        const UserSetting& setting = own_settings[i];
        if (setting.record == nullptr) continue;
        if (all[setting.slot] != setting.record || !IsPlaceholder(setting.record) ||
            strcmp(setting.record->name, setting.name) != 0)
            return false;
    }
    return true;
}

// ---- their values ----

const char* TextOf(const config_generic* record) {
    const char* text = *reinterpret_cast<const config_string*>(record)->variable;
    return text == nullptr ? "" : text;
}

int NumberOf(const config_generic* record) {
    switch (record->vartype) {
        case PGC_BOOL:
            return static_cast<int>(*reinterpret_cast<const config_bool*>(record)->variable);
        case PGC_ENUM:
            return *reinterpret_cast<const config_enum*>(record)->variable;
        default:
            return *reinterpret_cast<const config_int*>(record)->variable;
    }
}

bool IsChosen(const UserSetting& setting) {
    if (setting.travels == Travels::kAlways) return true;
    return setting.record != nullptr && setting.record->source >= PGC_S_DATABASE;
}

bool IsUnchanged(const UserSetting& setting) {
    bool chosen = IsChosen(setting);
    if (chosen != setting.chosen) return false;
    if (!chosen) return true;
    if (setting.record->vartype == PGC_STRING)
        return setting.text != nullptr && strcmp(TextOf(setting.record), setting.text) == 0;
    return NumberOf(setting.record) == setting.number;
}

void NoteValue(UserSetting* setting) {
    char* text = nullptr;
    bool chosen = IsChosen(*setting);
    if (chosen && setting->record->vartype == PGC_STRING)
        text = MemoryContextStrdup(TopMemoryContext, TextOf(setting->record));
    else if (chosen) {
        char* shown = GetConfigOptionByName(setting->name, nullptr, false);
        text = MemoryContextStrdup(TopMemoryContext, shown);
        setting->number = NumberOf(setting->record);
    }
    if (setting->text != nullptr) pfree(setting->text);
    setting->text = text;
    setting->chosen = chosen;
}

}  // namespace

void NoticeChanges() {
    if (own_setting_count == 0) AddBuiltInSettings();
    if (!ArePlaceholdersThere()) FindPlaceholders();
    bool changed = own_settings_generation == 0;
    for (int i = 0; i < own_setting_count; i++) {
        if (own_settings_generation != 0 && IsUnchanged(own_settings[i])) continue;
        NoteValue(&own_settings[i]);
        changed = true;
    }
    if (changed) own_settings_generation++;
}

bool IsCustom(int index) { return index >= static_cast<int>(lengthof(kTracked)); }

int IndexOfSetting(const char* name) {
    for (int i = 0; i < static_cast<int>(lengthof(kTracked)); i++)
        if (strcmp(own_settings[i].name, name) == 0) return i;
    return static_cast<int>(PlaceholderNamed(name) - own_settings);
}

}  // namespace herd::cluster
