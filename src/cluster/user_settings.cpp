#include "cluster/user_settings.h"

#include "cluster/own_settings.h"

extern "C" {
#include <utils/builtins.h>
}

namespace herd::cluster {

namespace {

bool IsSame(const char* one, const char* other) {
    if (one == nullptr || other == nullptr) return one == other;
    return strcmp(one, other) == 0;
}

void MakeRoom(SentSettings* sent, MemoryContext context) {
    if (sent->count == own_setting_count) return;
    Size size = sizeof(SentSetting) * own_setting_count;
    sent->settings = static_cast<SentSetting*>(sent->settings == nullptr ? MemoryContextAlloc(context, size)
                                                                         : repalloc(sent->settings, size));
    for (int i = sent->count; i < own_setting_count; i++) sent->settings[i] = {nullptr, false, false, false};
    sent->count = own_setting_count;
}

void NoteSent(SentSetting* sent, const UserSetting& setting, MemoryContext context, bool in_transaction) {
    char* value = setting.text == nullptr ? nullptr : MemoryContextStrdup(context, setting.text);
    if (sent->value != nullptr) pfree(sent->value);
    *sent = {value, false, in_transaction, sent->exists || value != nullptr};
}

void AppendCall(StringInfo command, int index) {
    const UserSetting& setting = own_settings[index];
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
    for (int i = 0; !IsCustom(i); i++) {
        if (own_settings[i].travels != Travels::kAlways) continue;
        appendStringInfo(options, " -c %s=", own_settings[i].name);
        // The server splits options at spaces that no backslash precedes.
        for (const char* c = own_settings[i].text; *c != '\0'; c++) {
            if (isspace(static_cast<unsigned char>(*c)) || *c == '\\') appendStringInfoChar(options, '\\');
            appendStringInfoChar(options, *c);
        }
    }
}

void NoteStartSettings(SentSettings* sent, MemoryContext context) {
    MakeRoom(sent, context);
    for (int i = 0; !IsCustom(i); i++)
        if (own_settings[i].travels == Travels::kAlways) NoteSent(&sent->settings[i], own_settings[i], context, false);
    sent->generation = 0;
}

char* MakeSettingsCommand(SentSettings* sent, MemoryContext context, SettingsForm form, bool in_transaction) {
    NoticeChanges();
    if (sent->generation == own_settings_generation) return nullptr;
    MakeRoom(sent, context);
    StringInfoData command;
    initStringInfo(&command);
    bool complete = true;
    for (int i = 0; i < own_setting_count; i++) {
        SentSetting* there = &sent->settings[i];
        if (!there->unknown && IsSame(there->value, own_settings[i].text)) continue;
        if (form == SettingsForm::kCall) {
            AppendCall(&command, i);
        } else if (IsCustom(i)) {
            complete = false;
            continue;
        } else {
            AppendCommand(&command, own_settings[i]);
        }
        NoteSent(there, own_settings[i], context, in_transaction);
    }
    sent->generation = complete ? own_settings_generation : 0;
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
        if (!AppendStored(text, size, length, own_settings[i].name, setting.value)) return false;
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
        int index = IndexOfSetting(name);
        MakeRoom(sent, context);
        char* copy = *value == '=' ? MemoryContextStrdup(context, value + 1) : nullptr;
        sent->settings[index] = {copy, false, false, true};
        name = value + strlen(value) + 1;
    }
    MakeRoom(sent, context);
    sent->generation = 0;
}

}  // namespace herd::cluster
