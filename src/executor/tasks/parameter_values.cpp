#include "executor/tasks/parameter_values.h"

#include "catalog/binary_forms.h"
#include "catalog/metadata.h"
#include "plan/task_header.h"

extern "C" {
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <port/pg_bswap.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::executor {

ParamListInfo EvaluateParameters(List* expression_states, int count, ExprContext* econtext) {
    if (count == 0) return nullptr;
    ParamListInfo parameters = makeParamList(count);
    for (int i = 0; i < count; i++) {
        ExprState* state = (ExprState*)list_nth(expression_states, i);
        ParamExternData* parameter = &parameters->params[i];
        parameter->value = ExecEvalExpr(state, econtext, &parameter->isnull);
        parameter->pflags = PARAM_FLAG_CONST;
        parameter->ptype = exprType((Node*)state->expr);
    }
    return parameters;
}

// Arrays and ranges of built-in types hold the values' binary forms and OIDs that are the same everywhere. Their text would
// depend on DateStyle, extra_float_digits or lc_monetary.
static bool IsMadeOfBinary(Oid type) {
    if (type >= FirstNormalObjectId) return false;
    Oid part = get_element_type(type);
    if (!OidIsValid(part)) part = get_range_subtype(type);
    if (!OidIsValid(part) && OidIsValid(get_multirange_range(type)))
        part = get_range_subtype(get_multirange_range(type));
    return OidIsValid(part) && catalog::IsBinaryFreeOfText(part);
}

static void SetBinary(Datum value, Oid type, const char** out, int* length) {
    Oid send;
    bool is_varlena;
    getTypeBinaryOutputInfo(type, &send, &is_varlena);
    bytea* bytes = OidSendFunctionCall(send, value);
    *out = VARDATA(bytes);
    *length = VARSIZE(bytes) - VARHDRSZ;
}

// Nodes look for objects in pg_catalog, so others are named with their schema.
static char* TextOf(Datum value, Oid type) {
    Oid output;
    bool is_varlena;
    getTypeOutputInfo(type, &output, &is_varlena);
    if (!catalog::NamesObject(type)) return OidOutputFunctionCall(output, value);
    OverrideSearchPath path = {};
    path.addCatalog = true;
    PushOverrideSearchPath(&path);
    char* text = OidOutputFunctionCall(output, value);
    PopOverrideSearchPath();
    return text;
}

static void SetParameter(Datum value, Oid type, const char** out, int* length, int* format) {
    *format = 1;
    switch (type) {
        case INT4OID: {
            uint32* network = (uint32*)palloc(4);
            *network = pg_hton32((uint32)DatumGetInt32(value));
            *out = (const char*)network;
            *length = 4;
            return;
        }
        case INT8OID: {
            uint64* network = (uint64*)palloc(8);
            *network = pg_hton64((uint64)DatumGetInt64(value));
            *out = (const char*)network;
            *length = 8;
            return;
        }
        case TEXTOID:
        case VARCHAROID:
            *format = 0;
            *out = TextDatumGetCString(value);
            *length = 0;
            return;
        default:
            break;
    }
    if (catalog::IsBinaryFreeOfText(type) || IsMadeOfBinary(type)) {
        SetBinary(value, type, out, length);
        return;
    }
    *format = 0;
    *out = TextOf(value, type);
    *length = 0;
}

static void SetHeader(const TaskIdentity& identity, const char** out, int* length) {
    plan::TaskHeader header;
    header.version = catalog::GetNode(identity.node)->protocol;
    header.flags = identity.flags;
    header.connections = (uint8)identity.connections;
    header.user_name = GetUserNameFromId(GetUserId(), false);
    header.user_name_length = strlen(header.user_name);
    header.shards = identity.shards;
    header.shard_count = identity.shard_count;
    header.flags |= identity.statement.flags;
    header.report_window = identity.report_window;
    header.statement = identity.statement.token;
    header.finished = identity.statement.finished;
    header.finished_count = identity.statement.finished_count;
    size_t size = plan::TaskHeaderSize(header);
    unsigned char* bytes = (unsigned char*)palloc(size);
    plan::EncodeTaskHeader(header, bytes);
    *out = (const char*)bytes;
    *length = (int)size;
}

cluster::WireParameters WireFormOf(ParamListInfo parameters, const TaskIdentity& identity) {
    int own = parameters ? parameters->numParams : 0;
    int count = own + 1;
    Oid* types = (Oid*)palloc(count * sizeof(Oid));
    const char** values = (const char**)palloc0(count * sizeof(char*));
    int* lengths = (int*)palloc0(count * sizeof(int));
    int* formats = (int*)palloc0(count * sizeof(int));
    for (int i = 0; i < own; i++) {
        const ParamExternData& parameter = parameters->params[i];
        types[i] = parameter.ptype;
        if (!parameter.isnull) SetParameter(parameter.value, parameter.ptype, &values[i], &lengths[i], &formats[i]);
    }
    types[own] = BYTEAOID;
    formats[own] = 1;
    SetHeader(identity, &values[own], &lengths[own]);
    cluster::WireParameters wire;
    wire.count = count;
    wire.types = types;
    wire.values = values;
    wire.lengths = lengths;
    wire.formats = formats;
    return wire;
}

}  // namespace herd::executor
