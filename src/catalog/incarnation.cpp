#include "catalog/incarnation.h"

#include <cinttypes>

extern "C" {
#include <fcntl.h>
#include <miscadmin.h>
#include <storage/fd.h>
#include <sys/stat.h>
}

namespace herd::catalog {

namespace {

constexpr char kFile[] = "pg_stat_tmp/herd.incarnation";
constexpr uint64 kGoldenRatio = UINT64CONST(0x9E3779B97F4A7C15);

// What tells a file from a copy of it. The time of birth is 0 where the file system knows none.
struct FileIdentity {
    uint64 inode;
    int64 born;
};

bool Identify(int file, FileIdentity* identity) {
    struct statx status;
    if (statx(file, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0) return false;
    bool has_birth = (status.stx_mask & STATX_BTIME) != 0;
    identity->inode = status.stx_ino;
    identity->born = has_birth ? status.stx_btime.tv_sec * INT64CONST(1000000000) + status.stx_btime.tv_nsec : 0;
    return true;
}

// 0 if the file is not there, or is a copy.
uint64 ReadToken() {
    int file = OpenTransientFile(kFile, O_RDONLY | PG_BINARY);
    if (file < 0) return 0;
    char text[128];
    ssize_t length = read(file, text, sizeof(text) - 1);
    FileIdentity found;
    bool known = length > 0 && Identify(file, &found);
    CloseTransientFile(file);
    if (!known) return 0;
    text[length] = '\0';
    uint64 token;
    FileIdentity recorded;
    if (sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNd64, &token, &recorded.inode, &recorded.born) != 3) return 0;
    return recorded.inode == found.inode && recorded.born == found.born ? token : 0;
}

[[noreturn]] void RaiseFileError(const char* name) {
    ereport(ERROR, (errcode_for_file_access(), errmsg("could not write file \"%s\": %m", name)));
    pg_unreachable();
}

// Under another name first: half a file must not be taken for one.
void WriteToken(uint64 token) {
    char* name = psprintf("%s.%d", kFile, MyProcPid);
    unlink(name);
    int file = OpenTransientFile(name, O_CREAT | O_EXCL | O_WRONLY | PG_BINARY);
    FileIdentity identity;
    if (file < 0 || !Identify(file, &identity)) RaiseFileError(name);
    char* text = psprintf("%" PRIu64 " %" PRIu64 " %" PRId64 "\n", token, identity.inode, identity.born);
    auto length = static_cast<ssize_t>(strlen(text));
    if (write(file, text, length) != length) RaiseFileError(name);
    if (CloseTransientFile(file) != 0) RaiseFileError(name);
    durable_rename(name, kFile, ERROR);
}

int64 OfThisDatabase(uint64 token) {
    return static_cast<int64>((token ^ (MyDatabaseId * kGoldenRatio)) & PG_INT64_MAX);
}

}  // namespace

int64 OwnIncarnation() {
    uint64 token = ReadToken();
    return token == 0 ? 0 : OfThisDatabase(token);
}

int64 EnsureOwnIncarnation() {
    uint64 token = ReadToken();
    if (token == 0) {
        if (!pg_strong_random(&token, sizeof(token)))
            ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate a random number")));
        WriteToken(token);
    }
    return OfThisDatabase(token);
}

}  // namespace herd::catalog
