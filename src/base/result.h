// "I cannot" as a value: a Reason that both zones can hold, and Result<T> = value or Reason.
#pragma once

#include <optional>
#include <utility>

#include "base/sqlstates.h"

namespace herd {

// Views of literals or of text that outlives the reason (the plan's memory context). Trivially destructible.
struct Reason {
    int sqlstate = kFeatureNotSupported;
    const char* message = nullptr;
    const char* detail = nullptr;  // may be null
    const char* hint = nullptr;    // may be null
};

template <class T>
class Result {
  public:
    Result(T value) : value_(std::move(value)) {}
    Result(Reason reason) : reason_(reason) {}

    bool ok() const { return value_.has_value(); }
    const T& value() const { return *value_; }
    const Reason& reason() const { return reason_; }

  private:
    std::optional<T> value_;
    Reason reason_;
};

}  // namespace herd
