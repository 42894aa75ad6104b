// Which coordinator this database is: a number that a copy of it does not have.
//
// A random token lies in a file that pg_basebackup and pg_rewind leave out (pg_stat_tmp/), together with the inode and the time of
// birth of that very file, which no copy of files preserves. So a restart keeps it, and a restored backup, a promoted standby and a
// copied directory have none. The number depends on the database too, as a copy by CREATE DATABASE is no coordinator either.
// Not seen: copies below the file system (a snapshot of a volume).
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

// 0 if this server has no token of its own.
int64 OwnIncarnation();
// Makes a token if there is none.
int64 EnsureOwnIncarnation();

}  // namespace herd::catalog
