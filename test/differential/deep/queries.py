"""Random queries over the tables of tables.sql: joins of every shape, subqueries everywhere, grouping sets, windows, CTEs."""
from deep.expressions import TYPES, Column, Expressions, Scope
from deep.marks import may
from deep.shared import Shared

RELATIONS = {
    "ref_code": "code text, label text, r int",
    "ref_number": "k bigint, s text, n numeric",
    "alpha": "k bigint, id int, s text, n numeric, d date, b bool",
    "beta": "k bigint, j int, s text, m numeric",
    "skew": "k bigint, v int, w text",
    "nothing": "k bigint, s text, n numeric",
    "gamma": "code text, q int, d date, b bool",
    "delta": "code text, n numeric, i int",
    "other": "i int, k bigint, code text, n numeric",
    "days": "d date, y int, name text",
    "price": "n numeric, i int, s text",
    "flag": "b bool, k bigint, s text",
    "lone": "i int, s text",
    "tree": "id int, parent int, label text",
    "local_one": "id int, k bigint, code text, d date",
    "local_two": "k bigint, n numeric, b bool",
    "tag": "v varchar, c bpchar, u uuid, k bigint",
    "mark": "at timestamptz, k int, s text",
    "v_filter": "k bigint, id int, s text, n numeric",
    "v_join": "k bigint, s text, j int, m numeric",
    "v_group": "k bigint, c bigint, v int",
    "v_union": "k bigint, s text",
    "v_barrier": "k bigint, j int, s text",
    "v_mixed": "id int, code text, q int, label text",
}
WEIGHTS = dict(alpha=6, beta=5, skew=4, gamma=4, delta=4, other=4, ref_code=3, ref_number=3, local_one=3)
JOINS = ("JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
SET_OPERATIONS = ("UNION", "UNION ALL", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL")


class Queries(Expressions, Shared):
    def __init__(self, chance, parameters=None):
        """parameters: a list to which the types of $1, $2 … are appended."""
        self.chance, self.parameters = chance, parameters
        self.aliases = 0
        self.left = chance.choice((1, 2, 2, 3, 3, 4, 6, 8, 10))  # relations that may still come
        self.ctes = []  # (name, columns)
        self.cte_share = 0.5

    def alias(self):
        self.aliases += 1
        return f"t{self.aliases}"

    def some_types(self, most=4):
        return [self.chance.choice(TYPES) for _ in range(self.chance.randint(1, most))]

    # ---- statements ----

    def statement(self):
        """(sql, is the order total?)"""
        types = self.some_types()
        if self.chosen(0.3):
            head, sql = self.shared(types)
        else:
            head = self.common_tables() if self.chosen(0.25) else ""
            sql = self.query(types, [])
        if self.chosen(0.5):
            return head + sql + self.locks(sql), False
        return head + self.ordered(sql, types, self.chosen(0.6)), not has_grouping_sets(sql)

    def locks(self, sql):
        """Not everywhere where PostgreSQL would refuse them."""
        if not self.chosen(0.08) or not sql.startswith("SELECT") or has_grouping_sets(sql):
            return ""
        strength = self.chance.choice(("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"))
        return may(f" FOR {strength}{self.chance.choice(('', '', ' NOWAIT', ' SKIP LOCKED'))}", "")

    def common_tables(self, outer=()):
        items, recursive = [], ""
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            name = self.alias().replace("t", "w")
            if not outer and self.chosen(0.12):
                recursive = "RECURSIVE "
                types, sql = ["int", "int"], self.recursion(name)
            else:
                types = self.some_types()
                sql = self.query(types, list(outer))
            hint = self.chance.choice(("", "", "MATERIALIZED ", "NOT MATERIALIZED "))
            names = [f"c{i}" for i in range(len(types))]
            items.append(f"{name} ({', '.join(names)}) AS {hint}({sql})")
            self.ctes.append((name, list(zip(names, types))))
        self.left = max(self.left, 2)
        return f"WITH {recursive}{', '.join(items)} "

    def recursion(self, name):
        start = self.comparison(Scope([Column("t.id", "int"), Column("t.label", "text")]))
        return (f"SELECT t.id, 0 FROM tree AS t WHERE {start} UNION"
                f" SELECT t.id, w.c1 + 1 FROM tree AS t JOIN {name} AS w ON t.parent = w.c0 WHERE w.c1 < 5")

    def query(self, types, outer, most=6):
        """A SELECT or a set operation with columns of exactly these types."""
        if outer and self.chosen(0.04) and self.left > 1:
            return self.with_inside(types, outer, most)
        if self.chosen(0.87) or self.left < 2:
            return self.select(types, outer, most)
        sql = f"({self.select(types, outer, 2)})"
        for _ in range(self.chance.choice((1, 1, 2))):
            operation = self.chance.choice(SET_OPERATIONS)
            sql = f"({may(sql + f' {operation} ({self.select(types, outer, 2)})', sql)})"
        return sql

    def with_inside(self, types, outer, most):
        """A CTE of a subquery, seen by nothing else."""
        known, self.ctes = self.ctes, list(self.ctes)
        head = self.common_tables(outer)
        sql = f"{head}{self.select(types, outer, most)}"
        self.ctes = known
        return sql

    def ordered(self, sql, types, limited):
        """By all columns, so that rows that tie are equal."""
        if has_grouping_sets(sql):
            # PostgreSQL before 18 leaves out a sort by a column that a condition pins, though grouping sets make it null.
            return sql
        directions = ("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST")
        keys = [f"{i}{self.chance.choice(directions)}" for i in range(1, len(types) + 1)]
        self.chance.shuffle(keys)
        if self.parameters and self.chosen(0.3) and sql.startswith("SELECT") and "DISTINCT" not in sql:
            keys.insert(0, f"${self.chance.randint(1, len(self.parameters))}")
        sql += " ORDER BY " + ", ".join(keys)
        if limited:
            count = self.value("int") if self.parameters is not None and self.chosen(0.4) else self.chance.randint(0, 12)
            sql += may(f" FETCH FIRST {count} ROWS WITH TIES" if self.chosen(0.1) else f" LIMIT {count}", "")
            sql += may(f" OFFSET {self.chance.randint(0, 4)}", "") if self.chosen(0.2) else ""
        return sql

    # ---- one level ----

    def select(self, types, outer, most=6):
        source, columns, conditions = self.from_list(outer, most)
        scope = Scope(columns, outer)
        if outer and self.chosen(0.75):
            conditions.append(may(self.join_condition(outer, columns), "true"))
        conditions += [self.condition(scope) for _ in range(self.chance.choice((0, 0, 0, 0, 1, 1, 2)))]
        where = may(" WHERE " + " AND ".join(conditions), "") if conditions else ""
        if self.chosen(0.3):
            return self.grouped(source, scope, where, types)
        targets = [self.target(scope, type_name) for type_name in types]
        if self.chosen(0.07):
            return self.distinct_on(source, where, targets)
        distinct = may("DISTINCT ", "") if self.chosen(0.1) else ""
        return f"SELECT {distinct}{', '.join(targets)} FROM {source}{where}"

    def target(self, scope, type_name, windows=True):
        if windows and self.chosen(0.07):
            sql = self.window(scope, type_name)
            if sql:
                return sql
        return may(self.expression(scope, type_name), f"NULL::{type_name}")

    def distinct_on(self, source, where, targets):
        names = [f"c{i}" for i in range(len(targets))]
        listed = ", ".join(f"{target} AS {name}" for target, name in zip(targets, names))
        first = self.chance.randint(1, len(names))
        keys, order = ", ".join(names[:first]), ", ".join(names)
        return f"SELECT * FROM (SELECT DISTINCT ON ({keys}) {listed} FROM {source}{where} ORDER BY {order}) AS {self.alias()}"

    def grouped(self, source, scope, where, types):
        keys = []
        for _ in range(self.chance.choice((0, 1, 1, 2, 2, 3))):
            column = self.pick(scope.columns)
            sql = column.sql if self.chosen(0.8) else self.composed(Scope(scope.columns), column.type, 0)
            if self.parameters is not None and self.chosen(0.2):
                sql = f"({self.value(column.type)})::{column.type}"
            keys.append(Column(sql, column.type))
        keys = list({key.sql: key for key in keys}.values())
        group, sets = self.grouping(keys)
        targets = [self.grouped_target(scope, keys, type_name, sets) for type_name in types]
        having = f" HAVING {self.having(scope, keys)}" if self.chosen(0.25) else ""
        if not keys and not any("(" in target for target in targets):
            targets[0] = self.aggregate(scope, types[0])
        return f"SELECT {', '.join(targets)} FROM {source}{where}{group}{may(having, '')}"

    def grouping(self, keys):
        """(the clause, has it several sets?)"""
        if not keys:
            return "", False
        names = ", ".join(key.sql for key in keys)
        if self.chosen(0.75):
            return f" GROUP BY {names}", False
        form = self.chance.choice(("ROLLUP ({})", "CUBE ({})", "GROUPING SETS (({}), ())", "GROUPING SETS (({}), ({}))"))
        return f" GROUP BY {form.format(names, self.chance.choice(keys).sql)}", True

    def grouped_target(self, scope, keys, type_name, sets):
        same = [key.sql for key in keys if key.type == type_name]
        kind = self.chance.random()
        if same and kind < 0.5:
            return self.chance.choice(same)
        if sets and type_name == "int" and kind < 0.7:
            return f"grouping({self.chance.choice(keys).sql})"
        if kind > 0.9 and type_name == "bigint":
            order = self.aggregate(scope, self.chance.choice(("bigint", "numeric")))
            return may(f"rank() OVER (ORDER BY {order} DESC)", "count(*)")
        if kind > 0.86 and type_name == "bigint" and self.left > 0:
            # An aggregate of this level, written in a subquery.
            source, inner, _ = self.from_list([], 1)
            numbers = [c.sql for c in scope.columns if c.type in ("int", "bigint")]
            if numbers:
                return f"(SELECT sum({self.chance.choice(numbers)})::bigint + count({self.chance.choice(inner).sql}) FROM {source})"
        sql = self.aggregate(scope, type_name)
        if kind > 0.82 and keys and not sets:
            plain = [key for key in keys if "(" not in key.sql]
            query = self.scalar_subquery(Scope(plain), type_name) if plain else None
            return may(f"coalesce({sql}, {query})", sql) if query else sql
        return sql

    def having(self, scope, keys):
        type_name = self.chance.choice(("bigint", "numeric"))
        one = self.aggregate(scope, type_name)
        if self.chosen(0.25):
            plain = [key for key in keys if "(" not in key.sql]
            query = self.scalar_subquery(Scope([], plain), type_name)
            if query:
                return f"{one} {self.chance.choice(('<', '>='))} {query}"
        return f"{one} {self.chance.choice(('<', '>', '<>'))} {self.literal(type_name)}"

    # ---- FROM ----

    def from_list(self, outer, most):
        """(sql, columns, conditions that join the items)"""
        count = min(self.chance.choice((1, 1, 2, 2, 3, 3, 4, 5, 6)), max(1, self.left), most)
        source, columns = self.tree(count, outer)
        conditions = []
        if self.chosen(0.15) and self.left > 0:
            item, more = self.relation(outer)
            conditions.append(may(self.join_condition(columns, more), "true"))
            source, columns = may(f"{source}, {item}", source, item), columns + more
        return source, columns, conditions

    def tree(self, count, outer, inside=False):
        """A join of that many relations."""
        if count <= 1:
            return self.relation(outer)
        right_count = self.chance.choice((1, 1, 1, 2, count // 2)) if count > 2 else 1
        if count == 2 and not inside and self.chosen(0.08):
            return self.using(outer)
        source, columns = self.tree(count - max(1, right_count), outer)
        kind = self.chance.choice(JOINS)
        visible = columns if kind in ("JOIN", "LEFT JOIN") and self.chosen(0.15) else []
        if right_count > 1:
            item, more = self.tree(right_count, outer, True)
            item = f"({item})"
        else:
            item, more = self.relation(outer, visible)
        condition = self.on(columns, more, kind, outer)
        return may(f"{source} {kind} {item} ON {condition}", source, item), columns + more

    def using(self, outer):
        """Two tables with a column in common, as one relation with columns of its own names."""
        self.left -= 2
        one, two = self.chance.sample([t for t, columns in RELATIONS.items() if columns.startswith("k bigint")], 2)
        columns = [(name, t) for table in (one, two) for name, t in (c.split() for c in RELATIONS[table].split(", "))]
        merged = [columns[0]] + [c for c in columns if c[0] != "k"]
        alias, names = self.alias(), ["k"] + [f"c{i}" for i in range(1, len(merged))]
        kind = self.chance.choice(JOINS)
        sql = f"(SELECT * FROM {one} {kind} {two} USING (k)) AS {alias} ({', '.join(names)})"
        return sql, [Column(f"{alias}.{name}", t) for name, (_, t) in zip(names, merged)]

    def on(self, left, right, kind, outer):
        if kind != "FULL JOIN" and self.chosen(0.02):
            return self.chance.choice(("false", "NULL"))
        conditions = [self.join_condition(left, right, kind == "FULL JOIN")]
        if self.chosen(0.15):
            conditions.append(may(self.join_condition(left, right, kind == "FULL JOIN"), "true"))
        if kind != "FULL JOIN" and self.chosen(0.17):
            scope = Scope(self.chance.choice((left, right, left + right)), outer)
            conditions.append(self.condition(scope, self.chance.choice((0, 0, 1))))
        return " AND ".join(conditions)

    def relation(self, outer, lateral=()):
        """A table, a view, a CTE, VALUES, a function or a subquery."""
        self.left -= 1
        alias = self.alias()
        if self.left > 0 and self.chosen(0.7 if lateral else 0.15):
            return self.subquery(alias, outer, list(lateral))
        if self.ctes and self.chosen(self.cte_share):
            name, columns = self.chance.choice(self.ctes)
            return f"{name} AS {alias}", [Column(f"{alias}.{name}", type_name) for name, type_name in columns]
        if self.chosen(0.04):
            return f"generate_series(1, {self.chance.randint(0, 6)}) AS {alias} (c0)", [Column(f"{alias}.c0", "int")]
        if self.chosen(0.04):
            return self.values(alias, list(lateral))
        if self.chosen(0.06):
            return self.function(alias, list(lateral))
        names = list(RELATIONS)
        table = self.chance.choices(names, [WEIGHTS.get(name, 1.5) for name in names])[0]
        return f"{table} AS {alias}", columns_of(alias, RELATIONS[table])

    def values(self, alias, lateral):
        types = self.some_types(2)
        word = "LATERAL " if lateral else ""
        rows = ", ".join("(" + ", ".join(self.value_in(t, lateral) for t in types) + ")" for _ in range(self.chance.randint(1, 5)))
        names = [f"c{i}" for i in range(len(types))]
        return f"{word}(VALUES {rows}) AS {alias} ({', '.join(names)})", [Column(f"{alias}.{n}", t) for n, t in zip(names, types)]

    def value_in(self, type_name, lateral):
        same = [column.sql for column in lateral if column.type == type_name]
        return self.chance.choice(same) if same and self.chosen(0.5) else f"{self.literal(type_name)}::{type_name}"

    def function(self, alias, lateral):
        """Functions in FROM, that read tables or not."""
        argument = self.value_in("bigint", lateral)
        number = self.value_in("int", lateral)
        sql, columns = self.chance.choice((
            (f"rows_of({argument}) AS {alias}", "j int, s text"),
            (f"some_alpha({argument}) AS {alias}", RELATIONS["alpha"]),
            (f"generate_series(1, {number} % 4) AS {alias} (c0)", "c0 int"),
            (f"unnest(ARRAY[{number}, 7]) AS {alias} (c0)", "c0 int"),
        ))
        return sql, columns_of(alias, columns)

    def subquery(self, alias, outer, lateral):
        types = self.some_types(3)
        sql = self.query(types, outer + lateral, 3)
        if self.chosen(0.3):
            sql = self.ordered(sql, types, True)
        names = [f"c{i}" for i in range(len(types))]
        word = "LATERAL " if lateral else ""
        return f"{word}({sql}) AS {alias} ({', '.join(names)})", [Column(f"{alias}.{n}", t) for n, t in zip(names, types)]

    # ---- subqueries in expressions ----

    def scalar_subquery(self, scope, type_name):
        if self.left <= 0:
            return None
        if self.chosen(0.5):
            sql = self.select([type_name], scope.all, 2)
            return None if has_grouping_sets(sql) else f"({sql} ORDER BY 1 LIMIT 1)"
        source, columns, conditions = self.from_list(scope.all, 2)
        if scope.all and self.chosen(0.7):
            conditions.append(may(self.join_condition(scope.all, columns), "true"))
        conditions += [self.condition(Scope(columns, scope.all), 1)] if self.chosen(0.4) else []
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        return f"(SELECT {self.aggregate(Scope(columns), type_name)} FROM {source}{where})"

    def subquery_condition(self, scope):
        if self.left <= 0:
            return self.comparison(scope)
        negation = self.chance.choice(("", "", "NOT "))
        kind = self.chance.random()
        if kind < 0.4:
            return f"{negation}EXISTS ({self.query(self.some_types(1), scope.all, 2)})"
        column = self.pick(scope.columns)
        outer = scope.all if self.chosen(0.5) else []
        if kind < 0.75:
            return f"{column.sql} {negation}IN ({self.query([column.type], outer, 2)})"
        if kind < 0.82:
            other = self.chance.choice(scope.columns)
            return f"({column.sql}, {other.sql}) {negation}IN ({self.query([column.type, other.type], outer, 2)})"
        if kind < 0.9 and column.type != "bool":
            return f"{column.sql} {self.chance.choice(('<', '=', '>=', '<>'))} {self.chance.choice(('ANY', 'ALL'))} ({self.query([column.type], outer, 2)})"
        return f"{column.sql} IS NOT DISTINCT FROM {self.scalar_subquery(scope, column.type) or self.literal(column.type)}"


def columns_of(alias, declared):
    return [Column(f"{alias}.{name}", type_name) for name, type_name in (item.split() for item in declared.split(", "))]


def has_grouping_sets(sql):
    return any(word in sql for word in ("ROLLUP (", "CUBE (", "GROUPING SETS ("))
