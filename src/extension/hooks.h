// Every hook of PostgreSQL that Herd takes, in one place. Each body lives in the module that knows what to do.
#pragma once

namespace herd::extension {

void InstallHooks();

}  // namespace herd::extension
