"""Random writes, each in a transaction that is rolled back."""
from cases import Statement
from query_generator import TABLES, Column, Query, literal

TARGETS = ("users", "orders", "events", "items", "sparse", "empty_log", "country", "note")
NOT_UPDATED = {"users.id", "orders.user_id", "orders.id", "orders.total", "events.user_id", "items.code", "items.origin",
               "users.country", "country.code", "country.name", "sparse.id", "empty_log.id", "note.id"}
FREE_KEY = 50000


def make_writes(chance):
    statements = [Statement("BEGIN")]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        statements.append(chance.choice((insert, insert_select, update, update, delete))(chance))
    if chance.random() < 0.4:
        sql, ordered = Query(chance).statement()
        statements.append(Statement(sql, ordered=ordered))
    return statements + [Statement("ROLLBACK")]


def scope_of(table, alias):
    return [Column(alias, name, type_name, table) for name, type_name in TABLES[table].items()]


def insert(chance):
    table = chance.choice(("users", "orders", "events", "items", "sparse", "empty_log", "country", "note"))
    columns = [column for column in TABLES[table] if f"{table}.{column}" != "orders.total"]
    rows = []
    for number in range(chance.choice((1, 1, 2, 3, 5))):
        rows.append("(" + ", ".join(new_value(chance, table, column, number) for column in columns) + ")")
    returning = chance.choice(("", " RETURNING *", f" RETURNING {columns[0]}"))
    conflict = chance.choice(("", "", " ON CONFLICT DO NOTHING"))
    return Statement(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(rows)}{conflict}{returning}")


def new_value(chance, table, column, number):
    """A value that violates nothing."""
    if (table, column) == ("orders", "user_id"):
        return chance.choice(("7", "8", "44"))
    if column in ("id", "code") and table not in ("empty_log", "note") or (table, column) == ("note", "id"):
        key = FREE_KEY + number * 10 + chance.randint(0, 9)
        return f"'new-{key}'" if TABLES[table][column] == "text" else str(key)
    if column in ("country", "origin"):
        return chance.choice(("'at'", "'ke'", "NULL"))
    if column == "name":
        return f"'name {chance.randint(0, 10 ** 9)}'"
    if column in ("age", "quantity", "stock"):
        return str(chance.randint(1, 120))
    if column == "active":
        return "true"
    return "NULL" if chance.random() < 0.15 else literal(chance, TABLES[table][column], column)


def insert_select(chance):
    table = chance.choice(("events", "empty_log"))
    columns = list(TABLES[table])
    query, _types = Query(chance).select([], [TABLES[table][column] for column in columns], 2)
    returning = chance.choice(("", "", " RETURNING *"))
    return Statement(f"INSERT INTO {table} ({', '.join(columns)}) {query}{returning}")


def update(chance):
    table = chance.choice(TARGETS)
    generator, scope = Query(chance), scope_of(table, "t")
    names = [column for column in TABLES[table] if f"{table}.{column}" not in NOT_UPDATED] or ["v"]
    name = chance.choice(names)
    where = generator.where(scope, [])
    returning = chance.choice(("", "", " RETURNING *", " RETURNING " + scope[0].sql))
    return Statement(
        f"UPDATE {table} AS t SET {name} = {updated_value(chance, table, name, scope)}{where}{returning}",
        may_refuse="SELECT" in where,
    )


def updated_value(chance, table, name, scope):
    type_name = TABLES[table][name]
    if name in ("age", "quantity", "stock"):
        return chance.choice((f"t.{name}", str(chance.randint(1, 100)), f"(coalesce(t.{name}, 1) % 50) + 1"))
    if name in ("active", "name") or type_name == "bool":
        return f"t.{name}"
    others = [column.sql for column in scope if column.type == type_name]
    return chance.choice(others + [literal(chance, type_name, name), "NULL"])


def delete(chance):
    table = chance.choice(("orders", "events", "sparse", "empty_log", "note"))
    where = Query(chance).where(scope_of(table, "t"), [])
    returning = chance.choice(("", "", " RETURNING *"))
    return Statement(f"DELETE FROM {table} AS t{where}{returning}", may_refuse="SELECT" in where)
