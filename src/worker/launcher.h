// The process that starts a worker for each database that needs one. It starts with the server, once that is not in
// recovery, and is connected to no database.
#pragma once

namespace herd::worker {

// Shared memory, settings, callbacks and the launcher: in _PG_init, while shared_preload_libraries are loaded.
void RegisterBackgroundProcesses();

}  // namespace herd::worker
