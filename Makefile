# Builds the extension with PGXS. Unit tests and the pure library are built by CMakeLists.txt.
EXTENSION = herd
EXTVERSION = 0.1
MODULE_big = herd
OBJS = $(patsubst %.cpp,%.o,$(sort $(wildcard src/*/*.cpp src/*/*/*.cpp)))

INSTALL_SQL = $(sort $(wildcard src/extension/install/*.sql))
DATA_built = herd--$(EXTVERSION).sql
EXTRA_CLEAN = herd--$(EXTVERSION).sql $(OBJS:.o=.d)

PG_CONFIG ?= pg_config
PG_INCLUDE_SERVER := $(shell $(PG_CONFIG) --includedir-server)
PG_INCLUDE := $(shell $(PG_CONFIG) --includedir)

PG_CPPFLAGS = -isystem $(PG_INCLUDE_SERVER) -isystem $(PG_INCLUDE) -Isrc \
  -DPGDLLEXPORT='__attribute__((visibility("default")))' -MMD -MP
PG_CXXFLAGS = -std=gnu++20 -fvisibility=hidden -Wall -Wextra -Wshadow -Wno-register -Werror
SHLIB_LINK = -lpq -lstdc++ -lxxhash

# Fault points stop, fail or report at named steps; tests switch them on. Release builds leave them out.
ifdef FAULT_POINTS
PG_CPPFLAGS += -DHERD_FAULT_POINTS
endif

# C++ needs no bitcode: inlining the extension into JIT-compiled expressions gains nothing.
override with_llvm = no
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

herd--$(EXTVERSION).sql: $(INSTALL_SQL)
	cat $^ > $@

# Objects of other flags, or of another PostgreSQL, are made anew.
BUILD_FLAGS := $(PG_CPPFLAGS) $(PG_CXXFLAGS) $(shell $(PG_CONFIG) --version)
$(shell printf '%s\n' '$(subst ','\'',$(BUILD_FLAGS))' | cmp -s - .build_flags || \
  printf '%s\n' '$(subst ','\'',$(BUILD_FLAGS))' > .build_flags)
$(OBJS): .build_flags

-include $(OBJS:.o=.d)
