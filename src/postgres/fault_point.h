// Named steps that tests can stop or fail. Compiled out unless HERD_FAULT_POINTS is defined.
#pragma once

#include "postgres/pg.h"

#include "base/protocol.h"

namespace herd::postgres {

#ifdef HERD_FAULT_POINTS
// Does what the setting herd.fault_point asks for at this step: "name:error", "name:exit", "name:sleep=ms"
// or "name:no_memory" (until the next step).
void FaultPoint(const char* name);
void RegisterFaultPointSettings();
// The versions of the protocol that this server understands: those of so many releases later as herd.pretended_release says.
ProtocolRange OwnProtocols();
#else
inline void FaultPoint(const char*) {}
inline void RegisterFaultPointSettings() {}
constexpr ProtocolRange OwnProtocols() { return kProtocols; }
#endif

}  // namespace herd::postgres
