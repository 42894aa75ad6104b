// The exception of the pure zone. The entry wrapper turns it into a PostgreSQL error.
#pragma once

#include <stdexcept>
#include <string>

#include "base/sqlstates.h"

namespace herd {

class Error : public std::runtime_error {
  public:
    Error(int sqlstate, const std::string& message) : std::runtime_error(message), sqlstate_(sqlstate) {}
    int sqlstate() const { return sqlstate_; }

  private:
    int sqlstate_;
};

}  // namespace herd
