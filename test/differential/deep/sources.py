"""What random queries read: joins of every shape, and the subqueries of their expressions."""
from deep.expressions import Column, Scope
from deep.marks import may

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


class Sources:
    """Of Queries."""

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
        """Tables with a column in common, as one relation with columns of its own names."""
        count = self.chance.choice((2, 2, 3, 4))
        self.left -= count
        tables = self.chance.sample([t for t, columns in RELATIONS.items() if columns.startswith("k bigint")], count)
        columns = [(name, t) for table in tables for name, t in (c.split() for c in RELATIONS[table].split(", "))]
        merged = [columns[0]] + [c for c in columns if c[0] != "k"]
        alias, names = self.alias(), ["k"] + [f"c{i}" for i in range(1, len(merged))]
        joins = "".join(f" {self.chance.choice(JOINS)} {table} USING (k)" for table in tables[1:])
        sql = f"(SELECT * FROM {tables[0]}{joins}) AS {alias} ({', '.join(names)})"
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
