// Every difference between PostgreSQL's major versions stands here.
#pragma once

#include "postgres/pg.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 160000
#error "Herd supports PostgreSQL 15"
#endif
