// Settings of the background processes.
#pragma once

namespace herd::worker {

extern bool background_workers;

void RegisterWorkerSettings();

}  // namespace herd::worker
