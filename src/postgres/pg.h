// PostgreSQL's base header for C++. Every backend file includes this first; other server
// headers follow in an extern "C" block of the file that needs them.
#pragma once

// libintl's printf macros must not meet C++ headers that declare the same names.
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

extern "C" {
#include <postgres.h>
#include <fmgr.h>
#include <nodes/pg_list.h>
#include <lib/stringinfo.h>
#include <access/attnum.h>
#include <utils/memutils.h>
}
