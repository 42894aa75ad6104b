"""Random SELECTs over the dataset: joins, subqueries, aggregates, set operations, windows."""

TABLES = {
    "users": {"id": "bigint", "name": "text", "age": "int", "country": "text", "score": "numeric", "active": "bool"},
    "orders": {"user_id": "bigint", "id": "int", "item_code": "text", "quantity": "int", "price": "numeric",
               "total": "numeric", "day": "date"},
    "events": {"user_id": "bigint", "kind": "text", "amount": "int"},
    "items": {"code": "text", "category": "text", "price": "numeric", "stock": "int", "origin": "text"},
    "country": {"code": "text", "name": "text", "continent": "text", "population": "bigint"},
    "sparse": {"id": "int", "v": "text"},
    "filled": {"k": "int", "select": "numeric"},
    "empty_log": {"id": "int", "v": "text", "n": "numeric"},
    "note": {"id": "int", "user_id": "bigint", "code": "text", "body": "text"},
}
WEIGHTS = {"users": 6, "orders": 6, "events": 5, "items": 4, "country": 4, "sparse": 2, "filled": 1, "empty_log": 1,
           "note": 2}
KEYS = {("users", "id"), ("orders", "user_id"), ("events", "user_id"), ("note", "user_id"), ("sparse", "id")}
CODES = {("users", "country"), ("country", "code"), ("items", "origin")}
ITEM_CODES = {("orders", "item_code"), ("items", "code"), ("note", "code")}
NUMBERS = ("int", "bigint", "numeric")
OPERATORS = ("=", "=", "<", ">", "<=", ">=", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM")
MOST_RELATIONS = 4


SAMPLES = {
    "country": ["at", "be", "br", "ke", "zz"], "origin": ["at", "de", "jp", "zz"], "continent": ["Europe", "Asia"],
    "kind": ["login", "logout", "buy", "look"], "category": ["book", "tool", "toy", "food"], "v": ["one", "thousand", ""],
    "item_code": [f"item-{n}" for n in (0, 7, 20, 33, 69)], "body": ["note 1", "note 9", "note 14"],
    "name": ["user B1", "user M12", "thing 3", "Austria", "Japan"],
}


def literal(chance, type_name, column=None):
    """The text of a value that often exists."""
    if type_name == "text" and column in SAMPLES and chance.random() < 0.9:
        return "'" + chance.choice(SAMPLES[column]) + "'"
    if type_name in ("int", "bigint"):
        return str(chance.choice([1, 2, 3, 5, 7, 7, 7, 8, 9, 12, 30, 44, 50, 1000, -5]))
    if type_name == "numeric":
        return chance.choice(["0", "1.5", "20", "37.25", "100", "500.00", "-1"])
    if type_name == "bool":
        return chance.choice(["true", "false"])
    if type_name == "date":
        return f"'2024-03-{chance.randint(1, 31):02}'"
    return chance.choice(["'at'", "'de'", "'item-7'", "'item-20'", "'buy'", "'toy'", "'one'", "'user B1'", "''", "'Europe'"])


class Column:
    def __init__(self, alias, name, type_name, table=None):
        self.sql = f'{alias}."{name}"' if name == "select" else f"{alias}.{name}"
        self.type = type_name
        self.source = (table, name)


class Query:
    def __init__(self, chance, parameters=False):
        self.chance = chance
        self.parameters = parameters
        self.types, self.values = [], []
        self.aliases = 0

    def statement(self):
        """(sql, is the order total?)"""
        if self.chance.random() < 0.15:
            sql, types = self.set_operation()
        elif self.chance.random() < 0.12:
            sql, types = self.with_cte()
        else:
            sql, types = self.select([])
        return self.order(sql, types)

    def order(self, sql, types):
        """By all columns: rows that tie are equal."""
        if self.chance.random() < 0.6 or has_grouping_sets(sql):
            return sql, False
        directions = ("", " DESC", " NULLS FIRST", " DESC NULLS LAST")
        keys = [f"{i}{self.chance.choice(directions)}" for i in range(1, len(types) + 1)]
        sql += " ORDER BY " + ", ".join(keys)
        if self.chance.random() < 0.7:
            sql += f" LIMIT {self.chance.randint(0, 40)}"
        if self.chance.random() < 0.3:
            sql += f" OFFSET {self.chance.randint(0, 10)}"
        return sql, True

    def set_operation(self):
        types = [self.chance.choice(("bigint", "text", "int")) for _ in range(self.chance.randint(1, 2))]
        arms = [self.select([], types, 2)[0] for _ in range(self.chance.randint(2, 3))]
        sql = arms[0]
        for arm in arms[1:]:
            sql += f" {self.chance.choice(('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL'))} {arm}"
        return sql, types

    def with_cte(self):
        inner, types = self.select([], None, 2)
        hint = self.chance.choice(("", "MATERIALIZED ", "NOT MATERIALIZED "))
        columns = [f"c{i}" for i in range(len(types))]
        scope, alias = [Column("x", column, type_name) for column, type_name in zip(columns, types)], "w AS x"
        source = alias
        if self.chance.random() < 0.5:
            source, scope = self.join(source, scope, 1)
        body, types = self.select_from(source, scope, [], None)
        return f"WITH w ({', '.join(columns)}) AS {hint}({inner}) {body}", types

    def select(self, outer, types=None, most=MOST_RELATIONS):
        source, scope = self.relation(outer, most)
        count = self.chance.choice((1, 1, 2, 2, 2, 3, 4))
        for _ in range(min(count, most) - 1):
            source, scope = self.join(source, scope, most)
        return self.select_from(source, scope, outer, types)

    def select_from(self, source, scope, outer, types):
        where = self.where(scope, outer)
        if types is None and self.chance.random() < 0.35:
            return self.grouped(source, scope, where)
        if types is None:
            types = [self.chance.choice(scope).type for _ in range(self.chance.randint(1, 4))]
        targets = [self.target(type_name, scope) for type_name in types]
        targets, types = self.add_window(targets, types, scope)
        distinct = "DISTINCT " if self.chance.random() < 0.12 else ""
        return f"SELECT {distinct}{', '.join(targets)} FROM {source}{where}", types

    def add_window(self, targets, types, scope):
        if len(types) < 2 or types[-1] not in ("bigint", "int") or self.chance.random() > 0.25:
            return targets, types
        one, two = self.chance.choice(scope), self.chance.choice(scope)
        function = self.chance.choice(("rank()", "dense_rank()", "count(*)", f"count({one.sql})"))
        return targets[:-1] + [f"({function} OVER (PARTITION BY {two.sql} ORDER BY {one.sql}))::{types[-1]}"], types

    def grouped(self, source, scope, where):
        keys = [self.chance.choice(scope) for _ in range(self.chance.choice((0, 1, 1, 2)))]
        keys = list({key.sql: key for key in keys}.values())
        targets, types = [key.sql for key in keys], [key.type for key in keys]
        for _ in range(self.chance.randint(1, 3)):
            sql, type_name = self.aggregate(scope)
            targets.append(sql)
            types.append(type_name)
        group = ""
        if keys:
            form = self.chance.choice(("{}", "{}", "{}", "ROLLUP ({})", "CUBE ({})"))
            group = " GROUP BY " + form.format(", ".join(key.sql for key in keys))
        having = f" HAVING {self.aggregate(scope, True)[0]} > {self.chance.randint(0, 5)}" if self.chance.random() < 0.2 else ""
        return f"SELECT {', '.join(targets)} FROM {source}{where}{group}{having}", types

    def aggregate(self, scope, count_only=False):
        column = self.chance.choice(scope)
        choices = [("count(*)", "bigint"), (f"count({column.sql})", "bigint"), (f"count(DISTINCT {column.sql})", "bigint")]
        choices += [(f"public.own_count({column.sql})", "bigint")]
        if not count_only and column.type in NUMBERS:
            choices += [(f"public.own_{name}({column.sql})", "numeric") for name in ("sum", "squares")]
            choices += [(f"public.own_mean({column.sql}::bigint)", "numeric")]
            result = "bigint" if column.type == "int" else "numeric"
            choices += [(f"sum({column.sql})", result), (f"avg({column.sql})", "numeric"), (f"sum(DISTINCT {column.sql})", result)]
        if not count_only and column.type != "bool":
            choices += [(f"public.own_greatest({column.sql}::text)", "text")]
            choices += [(f"min({column.sql})", column.type), (f"max({column.sql})", column.type)]
        sql, result = self.chance.choice(choices)
        if self.chance.random() < 0.2:
            sql += f" FILTER (WHERE {self.comparison(scope)})"
        return sql, result

    def relation(self, outer, most):
        """A table, or a subquery whose columns are c0, c1, …"""
        self.aliases += 1
        alias = f"t{self.aliases}"
        if most > 1 and self.chance.random() < 0.15:
            sql, types = self.select([], None, most - 2)
            if self.chance.random() < 0.3 and not has_grouping_sets(sql):
                sql = f"{sql} ORDER BY {', '.join(str(i + 1) for i in range(len(types)))} LIMIT {self.chance.randint(1, 30)}"
            names = [f"c{i}" for i in range(len(types))]
            return f"({sql}) AS {alias} ({', '.join(names)})", [Column(alias, n, t) for n, t in zip(names, types)]
        table = self.chance.choices(list(WEIGHTS), WEIGHTS.values())[0]
        return f"{table} AS {alias}", [Column(alias, name, t, table) for name, t in TABLES[table].items()]

    def join(self, source, scope, most):
        if self.chance.random() < 0.1:
            return self.lateral(source, scope)
        other, columns = self.relation([], most - 1)
        if self.chance.random() < 0.12 and most > 2:
            third, more = self.relation([], 1)
            condition = self.join_condition(columns, more)
            other = f"({other} {self.chance.choice(('JOIN', 'LEFT JOIN'))} {third} ON {condition})"
            columns = columns + more
        kind = self.chance.choice(("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"))
        condition = self.join_condition(scope, columns)
        if kind != "FULL JOIN" and self.chance.random() < 0.25:
            condition += f" AND {self.comparison(self.chance.choice((scope, columns)))}"
        return f"{source} {kind} {other} ON {condition}", scope + columns

    def lateral(self, source, scope):
        inner, columns = self.relation([], 1)
        self.aliases += 1
        alias = f"t{self.aliases}"
        picked = self.chance.choice(columns)
        condition = self.join_condition(scope, columns)
        kind, end = self.chance.choice((("CROSS JOIN", ""), ("LEFT JOIN", " ON true")))
        sql = f"SELECT {picked.sql} FROM {inner} WHERE {condition} ORDER BY 1 LIMIT 2"
        return f"{source} {kind} LATERAL ({sql}) AS {alias} (c0){end}", scope + [Column(alias, "c0", picked.type)]

    def join_condition(self, left, right):
        """Mostly between columns that mean the same."""
        for family in (KEYS, KEYS, CODES, ITEM_CODES):
            pairs = [(a, b) for a in left for b in right if a.source in family and b.source in family]
            if pairs and self.chance.random() < 0.75:
                a, b = self.chance.choice(pairs)
                return f"{a.sql} = {b.sql}"
        pairs = [(a, b) for a in left for b in right if compatible(a.type, b.type) and a.type != "bool"]
        if pairs:
            a, b = self.chance.choice(pairs)
            return f"{a.sql} = {b.sql}"
        a, b = self.chance.choice(left), self.chance.choice(right)
        return f"{a.sql}::text = {b.sql}::text"

    def where(self, scope, outer):
        conditions = []
        if outer and self.chance.random() < 0.9:
            conditions.append(self.join_condition(outer, scope))
        for _ in range(self.chance.choice((0, 0, 0, 1, 1, 2))):
            conditions.append(self.condition(scope, not outer))
        return " WHERE " + " AND ".join(conditions) if conditions else ""

    def condition(self, scope, subqueries):
        kind = self.chance.random()
        if kind < 0.1:
            return f"NOT ({self.condition(scope, False)})"
        if kind < 0.25:
            return f"({self.condition(scope, False)} OR {self.condition(scope, subqueries)})"
        if kind < 0.45 and subqueries:
            return self.subquery_condition(scope)
        return self.comparison(scope)

    def subquery_condition(self, scope):
        negation = self.chance.choice(("", "", "NOT "))
        if self.chance.random() < 0.5:
            source, inner = self.relation([], 1)
            return f"{negation}EXISTS (SELECT 1 FROM {source}{self.where(inner, scope)})"
        column = self.chance.choice(scope)
        source, inner = self.relation([], 1)
        same = [c for c in inner if compatible(c.type, column.type)]
        if not same:
            return self.comparison(scope)
        correlation = scope if self.chance.random() < 0.3 else []
        return f"{column.sql} {negation}IN (SELECT {self.chance.choice(same).sql} FROM {source}{self.where(inner, correlation)})"

    def comparison(self, scope):
        column = self.pick(scope)
        kind = self.chance.random()
        if kind < 0.12:
            return f"{column.sql} IS {self.chance.choice(('', 'NOT '))}NULL"
        if kind < 0.25:
            values = ", ".join(self.value(column.type, column.source[1]) for _ in range(self.chance.randint(1, 4)))
            return f"{column.sql} {self.chance.choice(('', '', 'NOT '))}IN ({values})"
        if kind < 0.35:
            order = self.chance.choice(("", "", "SYMMETRIC "))
            return f"{column.sql} BETWEEN {order}{self.value(column.type)} AND {self.value(column.type)}"
        if kind < 0.42 and column.type == "text":
            return f"{column.sql} LIKE '{self.chance.choice(('%a%', '%o%', 'item-1%', 'user%', '_t'))}'"
        if kind < 0.5:
            other = self.chance.choice([c for c in scope if compatible(c.type, column.type)])
            return f"{column.sql} {self.chance.choice(OPERATORS)} {other.sql}"
        return f"{column.sql} {self.chance.choice(OPERATORS)} {self.value(column.type, column.source[1])}"

    def pick(self, scope):
        """A column, often a key: only those pin a shard."""
        keys = [column for column in scope if column.source in KEYS | ITEM_CODES]
        return self.chance.choice(keys if keys and self.chance.random() < 0.4 else scope)

    def value(self, type_name, column=None):
        if self.chance.random() < 0.04:
            return f"NULL::{type_name}"
        text = literal(self.chance, type_name, column)
        if not self.parameters or self.chance.random() < 0.3 or len(self.values) >= 6:
            return text if type_name != "date" else f"date {text}"
        self.types.append(type_name)
        self.values.append(text)
        return f"${len(self.values)}"

    def target(self, type_name, scope):
        """An expression of exactly this type."""
        same = [column for column in scope if column.type == type_name]
        kind = self.chance.random()
        if not same:
            return f"{self.value(type_name)}::{type_name}"
        column = self.chance.choice(same).sql
        if kind < 0.08:
            return f"coalesce({column}, {self.value(type_name)}::{type_name})"
        if kind < 0.16:
            return f"CASE WHEN {self.comparison(scope)} THEN {column} ELSE {self.value(type_name)}::{type_name} END"
        if kind < 0.22 and type_name in NUMBERS:
            return f"({column} + {self.value(type_name)}::{type_name})"
        if kind < 0.26 and type_name == "text":
            return f"upper({column}) || '.'"
        if kind < 0.32 and type_name == "bigint":
            source, inner = self.relation([], 1)
            return f"(SELECT count(*) FROM {source}{self.where(inner, scope)})"
        return column


def has_grouping_sets(sql):
    """PostgreSQL before 18 leaves out a sort by a column that a qual pins, though grouping sets make it null."""
    return "ROLLUP (" in sql or "CUBE (" in sql


def compatible(one, two):
    return one == two or (one in NUMBERS and two in NUMBERS)
