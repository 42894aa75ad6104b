#include "cluster/user_settings.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/guc.h>
#include <utils/guc_tables.h>
#include <utils/memutils.h>
}

namespace herd::cluster {

namespace {

enum class Travels : uint8 {
    kAlways,
    kIfChosen,  // by the user, his role or his database; a value from a configuration file is this server's own affair
};

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

// A setting here. Built-in ones come first; then placeholders of customized ones ("app.tenant"), which are never forgotten.
struct UserSetting {
    char* name;
    Travels travels;
    config_generic* record;  // null: there is none (any more)
    int slot;                // of a placeholder in the server's array
    bool chosen;             // as of `generation`
    int number;              // likewise, if it is no text
    char* text;              // likewise; null: the default
};

UserSetting* settings;
int setting_count;
int setting_capacity;
int known_option_count;  // the server's, when placeholders were looked for
uint64 generation;

// ---- which settings there are ----

UserSetting* AddSetting(const char* name, Travels travels, config_generic* record) {
    if (setting_count == setting_capacity) {
        int capacity = setting_capacity == 0 ? 16 : setting_capacity * 2;
        Size size = sizeof(UserSetting) * capacity;
        settings = static_cast<UserSetting*>(settings == nullptr ? MemoryContextAlloc(TopMemoryContext, size)
                                                                 : repalloc(settings, size));
        setting_capacity = capacity;
    }
    char* copy = MemoryContextStrdup(TopMemoryContext, name);
    UserSetting* setting = &settings[setting_count++];
    *setting = {copy, travels, record, 0, false, 0, nullptr};
    return setting;
}

void AddBuiltInSettings() {
    config_generic** all = get_guc_variables();
    int count = GetNumConfigOptions();
    for (const TrackedSetting& tracked : kTracked)
        for (int i = 0; i < count; i++)
            if (strcmp(all[i]->name, tracked.name) == 0) AddSetting(tracked.name, tracked.travels, all[i]);
    Assert(setting_count == lengthof(kTracked));
}

bool IsPlaceholder(const config_generic* record) {
    return (record->flags & GUC_CUSTOM_PLACEHOLDER) != 0 && strncmp(record->name, "herd.", 5) != 0;
}

UserSetting* PlaceholderNamed(const char* name) {
    for (int i = lengthof(kTracked); i < setting_count; i++)
        if (strcmp(settings[i].name, name) == 0) return &settings[i];
    return AddSetting(name, Travels::kIfChosen, nullptr);
}

void FindPlaceholders() {
    config_generic** all = get_guc_variables();
    int count = GetNumConfigOptions();
    for (int i = lengthof(kTracked); i < setting_count; i++) settings[i].record = nullptr;
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
    for (int i = lengthof(kTracked); i < setting_count; i++) {
        const UserSetting& setting = settings[i];
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

void NoticeChanges() {
    if (setting_count == 0) AddBuiltInSettings();
    if (!ArePlaceholdersThere()) FindPlaceholders();
    bool changed = generation == 0;
    for (int i = 0; i < setting_count; i++) {
        if (generation != 0 && IsUnchanged(settings[i])) continue;
        NoteValue(&settings[i]);
        changed = true;
    }
    if (changed) generation++;
}

// ---- what a node has ----

bool IsSame(const char* one, const char* other) {
    if (one == nullptr || other == nullptr) return one == other;
    return strcmp(one, other) == 0;
}

void MakeRoom(SentSettings* sent, MemoryContext context) {
    if (sent->count == setting_count) return;
    Size size = sizeof(SentSetting) * setting_count;
    sent->settings = static_cast<SentSetting*>(sent->settings == nullptr ? MemoryContextAlloc(context, size)
                                                                         : repalloc(sent->settings, size));
    for (int i = sent->count; i < setting_count; i++) sent->settings[i] = {nullptr, false, false, false};
    sent->count = setting_count;
}

void NoteSent(SentSetting* sent, const UserSetting& setting, MemoryContext context, bool in_transaction) {
    char* value = setting.text == nullptr ? nullptr : MemoryContextStrdup(context, setting.text);
    if (sent->value != nullptr) pfree(sent->value);
    *sent = {value, false, in_transaction, sent->exists || value != nullptr};
}

// A custom setting is a placeholder here, but may be more on the node, where the service role could set what the user may not.
bool IsCustom(int index) { return index >= static_cast<int>(lengthof(kTracked)); }

void AppendCall(StringInfo command, int index) {
    const UserSetting& setting = settings[index];
    appendStringInfo(command, "%s%s(%s, %s", command->len == 0 ? "SELECT " : ", ",
                     IsCustom(index) ? "herd.take_setting" : "pg_catalog.set_config", quote_literal_cstr(setting.name),
                     setting.text == nullptr ? "NULL" : quote_literal_cstr(setting.text));
    appendStringInfoString(command, IsCustom(index) ? ")" : ", false)");
}

void AppendCommand(StringInfo command, const UserSetting& setting) {
    if (command->len > 0) appendStringInfoString(command, "; ");
    if (setting.text == nullptr)
        appendStringInfo(command, "RESET %s", setting.name);
    else
        appendStringInfo(command, "SET %s TO %s", setting.name, quote_literal_cstr(setting.text));
}

}  // namespace

void AppendStartSettings(StringInfo options) {
    NoticeChanges();
    for (int i = 0; i < static_cast<int>(lengthof(kTracked)); i++) {
        if (settings[i].travels != Travels::kAlways) continue;
        appendStringInfo(options, " -c %s=", settings[i].name);
        // The server splits options at spaces that no backslash precedes.
        for (const char* c = settings[i].text; *c != '\0'; c++) {
            if (isspace(static_cast<unsigned char>(*c)) || *c == '\\') appendStringInfoChar(options, '\\');
            appendStringInfoChar(options, *c);
        }
    }
}

void NoteStartSettings(SentSettings* sent, MemoryContext context) {
    MakeRoom(sent, context);
    for (int i = 0; i < static_cast<int>(lengthof(kTracked)); i++)
        if (settings[i].travels == Travels::kAlways) NoteSent(&sent->settings[i], settings[i], context, false);
    sent->generation = 0;
}

char* MakeSettingsCommand(SentSettings* sent, MemoryContext context, SettingsForm form, bool in_transaction) {
    NoticeChanges();
    if (sent->generation == generation) return nullptr;
    MakeRoom(sent, context);
    StringInfoData command;
    initStringInfo(&command);
    bool complete = true;
    for (int i = 0; i < setting_count; i++) {
        SentSetting* there = &sent->settings[i];
        if (!there->unknown && IsSame(there->value, settings[i].text)) continue;
        if (form == SettingsForm::kCall) {
            AppendCall(&command, i);
        } else if (IsCustom(i)) {
            complete = false;
            continue;
        } else {
            AppendCommand(&command, settings[i]);
        }
        NoteSent(there, settings[i], context, in_transaction);
    }
    sent->generation = complete ? generation : 0;
    return command.len > 0 ? command.data : nullptr;
}

void ForgetSettings(SentSettings* sent) {
    for (int i = 0; i < sent->count; i++) sent->settings[i].unknown = true;
    sent->generation = 0;
}

void ForgetSettingsOfTransaction(SentSettings* sent) {
    for (int i = 0; i < sent->count; i++) {
        SentSetting* setting = &sent->settings[i];
        if (!setting->in_transaction) continue;
        setting->unknown = true;
        sent->generation = 0;
    }
}

void KeepSettingsOfTransaction(SentSettings* sent) {
    for (int i = 0; i < sent->count; i++) sent->settings[i].in_transaction = false;
}

// ---- handing a session over ----

namespace {

int IndexOf(const char* name) {
    for (int i = 0; i < static_cast<int>(lengthof(kTracked)); i++)
        if (strcmp(settings[i].name, name) == 0) return i;
    return static_cast<int>(PlaceholderNamed(name) - settings);
}

// False if there is no room.
bool AppendStored(char* text, int size, int* length, const char* name, const char* value) {
    int room = size - *length;
    int needed = snprintf(text + *length, room, "%s%c%s%s", name, '\0', value == nullptr ? "" : "=",
                          value == nullptr ? "" : value) +
                 1;
    *length += needed;
    return needed <= room;
}

}  // namespace

// Name and value, each with its end; a value begins with '='.
bool StoreSettings(const SentSettings* sent, char* text, int size, int* length) {
    *length = 0;
    for (int i = 0; i < sent->count; i++) {
        const SentSetting& setting = sent->settings[i];
        if (setting.unknown) return false;
        if (setting.value == nullptr && !setting.exists) continue;
        if (!AppendStored(text, size, length, settings[i].name, setting.value)) return false;
    }
    return true;
}

void LoadSettings(SentSettings* sent, MemoryContext context, const char* text, int length) {
    for (int i = 0; i < sent->count; i++) {
        if (sent->settings[i].value != nullptr) pfree(sent->settings[i].value);
        sent->settings[i] = {nullptr, false, false, false};
    }
    for (const char* name = text; name < text + length;) {
        const char* value = name + strlen(name) + 1;
        int index = IndexOf(name);
        MakeRoom(sent, context);
        char* copy = *value == '=' ? MemoryContextStrdup(context, value + 1) : nullptr;
        sent->settings[index] = {copy, false, false, true};
        name = value + strlen(value) + 1;
    }
    MakeRoom(sent, context);
    sent->generation = 0;
}

}  // namespace herd::cluster
