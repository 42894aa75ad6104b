"""Random expressions over the columns in scope. Nothing in them depends on the order of rows or of evaluation, or raises."""
from dataclasses import dataclass, field

from deep.marks import may

TYPES = ("bigint", "int", "text", "numeric", "date", "bool")
OPERATORS = ("=", "=", "<", ">", "<=", ">=", "<>", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM")
WHOLE = ("bigint", "int")
KEYS = ("k", "code", "i", "d", "n", "v", "at")


@dataclass(frozen=True)
class Column:
    sql: str
    type: str


@dataclass
class Scope:
    """The columns of a query level, and those of the levels around it."""

    columns: list
    outer: list = field(default_factory=list)

    @property
    def all(self):
        return self.columns + self.outer


class Expressions:
    """Needs self.chance and, for subqueries, what queries.py adds."""

    def chosen(self, share):
        return self.chance.random() < share

    # ---- values ----

    def literal(self, type_name):
        draw = self.chance.randint
        if self.chosen(0.05):
            return f"NULL::{type_name}"
        if type_name == "text":
            return f"'{self.chance.choice('abcdefghijkl')}'"
        if type_name in ("varchar", "bpchar"):
            return f"'{self.chance.choice('abcdefghijkl')}'::{type_name}"
        if type_name == "uuid":
            return f"md5('{draw(0, 8)}')::uuid"
        if type_name == "timestamptz":
            return f"timestamptz '2024-03-31 0{draw(0, 6)}:00:00+02'"
        if type_name == "date":
            return f"date '2024-01-{draw(1, 14):02}'"
        if type_name == "bool":
            return self.chance.choice(("true", "false"))
        if type_name == "numeric":
            return f"{draw(0, 9)}.{self.chance.choice(('00', '50'))}"
        return f"{self.chance.choice((7, 7, draw(0, 18)))}" + ("::bigint" if type_name == "bigint" else "")

    def value(self, type_name):
        """A literal or, in a prepared statement, often a parameter."""
        if self.parameters is None or self.chosen(0.4) or len(self.parameters) >= 5:
            return self.literal(type_name)
        self.parameters.append(type_name)
        return f"${len(self.parameters)}"

    def column(self, columns, type_name):
        """SQL of a column of the type, or of a value if there is none."""
        same = [column for column in columns if column.type == type_name]
        return self.pick(same).sql if same else self.value(type_name)

    def pick(self, columns):
        """Often a key: what can be computed on the shards depends on them."""
        keys = [column for column in columns if name_of(column) in KEYS]
        return self.chance.choice(keys if keys and self.chosen(0.5) else columns)

    def expression(self, scope, type_name, depth=2):
        """SQL of exactly this type."""
        columns = scope.all if self.chosen(0.12) else scope.columns
        if depth <= 0 or self.chosen(0.6):
            return self.column(columns, type_name)
        if self.chosen(0.25):
            query = self.scalar_subquery(scope, type_name)
            if query:
                return may(query, f"NULL::{type_name}")
        return self.composed(scope, type_name, depth - 1)

    def composed(self, scope, type_name, depth):
        one, two = self.expression(scope, type_name, depth), self.expression(scope, type_name, depth)
        forms = [f"coalesce({one}, {two})", f"nullif({one}, {two})",
                 f"CASE WHEN {self.condition(scope, depth)} THEN {one} ELSE {two} END"]
        if type_name == "bigint":
            forms += [f"lines_of({one})"]
        if type_name in WHOLE:
            forms += [f"({one} + {self.chance.randint(0, 3)})", f"({one} % 5)", f"abs({one})"]
        if type_name == "text":
            forms += [f"upper({one})", f"({one} || {two})", f"left({one} || 'x', 1)", self.whole_row(scope)]
        if type_name == "numeric":
            forms += [f"({one} - {two})", f"(-{one})"]
        if type_name == "date":
            forms += [f"({one} + {self.chance.randint(0, 3)})", f"date_trunc('month', {one})::date"]
        if type_name == "bool":
            forms += [self.condition(scope, depth)]
        if type_name not in ("bool", "date"):
            forms += [f"greatest({one}, {two})", f"least({one}, {two})"]
        return may("(" + self.chance.choice(forms) + ")", one)

    def whole_row(self, scope):
        alias = self.chance.choice(scope.columns).sql.rpartition(".")[0]
        return self.chance.choice((f"{alias}::text", f"to_jsonb({alias})::text", f"({alias} IS NULL)::text"))

    # ---- conditions ----

    def condition(self, scope, depth=2):
        kind = self.chance.random()
        if depth > 0 and kind < 0.1:
            return may(f"NOT ({self.condition(scope, depth - 1)})", "true")
        if depth > 0 and kind < 0.22:
            one, two = self.condition(scope, depth - 1), self.condition(scope, depth - 1)
            return may(f"({one} {self.chance.choice(('OR', 'OR', 'AND'))} {two})", one, two)
        if depth > 0 and kind < 0.42:
            return may(self.subquery_condition(scope), "true")
        return may(self.comparison(scope), "true")

    def comparison(self, scope):
        """Between what is in this level, or with an outer column."""
        column = self.pick(scope.columns)
        kind = self.chance.random()
        if column.type == "bool":
            return self.chance.choice((f"{column.sql}", f"NOT {column.sql}", f"{column.sql} IS TRUE", f"{column.sql} IS NOT FALSE"))
        if kind < 0.12:
            return f"{column.sql} IS {self.chance.choice(('', 'NOT '))}NULL"
        if kind < 0.25:
            values = ", ".join(self.value(column.type) for _ in range(self.chance.randint(1, 4)))
            if self.chosen(0.2):
                return f"{column.sql} = ANY (ARRAY[{values}])"
            return f"{column.sql} {self.chance.choice(('', '', 'NOT '))}IN ({values})"
        if kind < 0.32:
            return f"{column.sql} BETWEEN SYMMETRIC {self.value(column.type)} AND {self.value(column.type)}"
        operator = self.chance.choice(OPERATORS)
        if kind < 0.55:
            return f"{column.sql} {operator} {self.column(scope.all, column.type)}"
        if kind < 0.65:
            return f"{column.sql} {operator} {self.expression(scope, column.type, 1)}"
        if operator == "=" and self.chosen(0.5):
            operator = self.chance.choice(("<=", ">", "<>"))
        return f"{column.sql} {operator} {self.value(column.type)}"

    def join_condition(self, left, right, equality=False):
        """Between a column of each side, mostly an equality."""
        pairs = [(a, b) for a in left for b in right if comparable(a.type, b.type) and a.type != "bool"]
        if not pairs:
            return f"{self.chance.choice(left).sql}::text = {self.chance.choice(right).sql}::text"
        keys = [(a, b) for a, b in pairs if name_of(a) == name_of(b) or {name_of(a), name_of(b)} & set(KEYS)]
        a, b = self.chance.choice(keys if keys and self.chosen(0.6) else pairs)
        if equality or self.chosen(0.9):
            return f"{a.sql} = {b.sql}"
        return f"{a.sql} {self.chance.choice(('<', '>=', 'IS NOT DISTINCT FROM'))} {b.sql}"

    # ---- aggregates and windows ----

    def aggregate(self, scope, type_name):
        """SQL of exactly this type; its arguments are of this level."""
        own = Scope(scope.columns)
        column = self.column(own.columns, type_name)
        if not any(column == other.sql for other in own.columns):
            column = None
        any_column = self.chance.choice(own.columns).sql
        numbers = [c.sql for c in own.columns if c.type in WHOLE]
        forms = []
        if type_name == "bigint":
            forms += ["count(*)", f"count({any_column})", f"count(DISTINCT {any_column})"]
            forms += [f"sum({x})::bigint" for x in numbers[:2]] + [f"sum(DISTINCT {x})::bigint" for x in numbers[:1]]
        if type_name == "int" and numbers:
            forms += [f"count({any_column})::int"]
            forms += [f"public.own_count({any_column})"]
        if type_name == "text":
            forms += [f"array_to_string(public.own_list({any_column}::text ORDER BY {any_column}::text), ',')"]
            forms += [f"public.own_greatest({any_column}::text)"]
            forms += [f"string_agg({any_column}::text, ',' ORDER BY {any_column}::text)"]
            forms += [f"string_agg(DISTINCT {any_column}::text, ',')"]
        if column and type_name == "numeric":
            forms += [f"sum({column})", f"sum(DISTINCT {column})"]
            forms += [f"public.own_sum({column})", f"public.own_sum(DISTINCT {column})", f"public.own_squares({column})"]
            if self.chosen(0.3):
                return f"round(avg({column}), 2)"
        if column and type_name == "bool":
            forms += [f"bool_and({column})", f"bool_or({column})"]
        if column and type_name != "bool":
            forms += [f"min({column})", f"max({column})", f"min(DISTINCT {column})"]
        if column and type_name in ("int", "date"):
            forms += [f"percentile_disc(0.5) WITHIN GROUP (ORDER BY {column})"]
        if self.parameters and self.chosen(0.1) and type_name in ("bigint", "numeric"):
            value = f"${self.chance.randint(1, len(self.parameters))}"
            forms = [f"count(DISTINCT {value})", f"count({value})"] if type_name == "bigint" else [f"sum(length({value}::text))::numeric"]
        if not forms:
            return f"min({any_column}::text) IS NULL" if type_name == "bool" else f"max({self.literal(type_name)})"
        sql = self.chance.choice(forms)
        return self.filtered(sql, own)

    def filtered(self, sql, own):
        if self.chosen(0.8):
            return may(sql, "count(*)") if sql.startswith("count") else sql
        condition = f" FILTER (WHERE {self.comparison(own)})"
        head, cast, tail = sql.partition(")::")
        return f"{head}){may(condition, '')}::{tail}" if cast else sql + may(condition, "")

    def window(self, scope, type_name):
        """A window function whose result doesn't depend on how ties are ordered, or None."""
        columns = scope.columns
        first = f"${self.chance.randint(1, len(self.parameters))}, " if self.parameters and self.chosen(0.3) else ""
        partition = f"PARTITION BY {first}{self.chance.choice(columns).sql} " if self.chosen(0.7) else ""
        some = f"ORDER BY {self.chance.choice(columns).sql}{self.chance.choice(('', ' DESC', ' NULLS FIRST'))}"
        total = "ORDER BY " + ", ".join(column.sql for column in columns)
        same = [column.sql for column in columns if column.type == type_name]
        forms = []
        if type_name == "bigint":
            forms += [f"rank() OVER ({partition}{some})", f"dense_rank() OVER ({partition}{some})",
                      f"count(*) OVER ({partition}{some})", f"count(*) OVER ({partition})",
                      f"row_number() OVER ({partition}{total})"]
        if same and type_name != "bool":
            column = self.chance.choice(same)
            forms += [f"max({column}) OVER ({partition}{some})", f"min({column}) OVER ({partition})",
                      f"lag({column}) OVER ({partition}{total})",
                      f"first_value({column}) OVER ({partition}{total} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"]
        if same and type_name == "numeric":
            forms += [f"sum({self.chance.choice(same)}) OVER ({partition}{some})"]
        if same and type_name in ("int", "text", "numeric", "date"):
            function = "sum" if type_name == "numeric" else self.chance.choice(("min", "max"))
            forms += [f"{function}({self.chance.choice(same)}) OVER ({partition}{total} {self.frame()})"]
        return may(self.chance.choice(forms), f"NULL::{type_name}") if forms else None

    def frame(self):
        start = self.chance.choice(("UNBOUNDED PRECEDING", "2 PRECEDING", "CURRENT ROW", "1 FOLLOWING"))
        stop = self.chance.choice(("2 FOLLOWING", "UNBOUNDED FOLLOWING"))
        exclusion = self.chance.choice(("", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"))
        return f"{self.chance.choice(('ROWS', 'GROUPS'))} BETWEEN {start} AND {stop}{exclusion}"


def name_of(column):
    return column.sql.rpartition(".")[2]


def comparable(one, two):
    return one == two or {one, two} <= {"int", "bigint", "numeric"} or {one, two} <= {"text", "varchar", "bpchar"}
