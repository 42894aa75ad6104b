"""Random statements. The same seed and number give the same statement, whatever ran before."""
import random
import re

import query_generator
import write_generator
from cases import Case, Statement

# Plans that PostgreSQL itself thinks dearer than this are not tried.
COST_LIMIT = 4000
ATTEMPTS = 20


def run(runner, report, seed, count, only):
    """Runs the statements random.SEED.0 … on new tables; writes are rolled back."""
    runner.dataset.build()
    for table in runner.dataset.tables:
        runner.plain.query(f'ANALYZE "{table}"')
    for number in range(count):
        name = f"random.{seed}.{number}"
        if re.search(only, name):
            runner.run_case(make_case(name, runner.plain))


def make_case(name, plain):
    for attempt in range(ATTEMPTS):
        chance = random.Random(f"{name}.{attempt}")
        case = Case(name)
        kind = chance.random()
        if kind < 0.22:
            case.statements = write_generator.make_writes(chance)
        elif kind < 0.4:
            case.statements = make_prepared(chance)
        else:
            case.statements = [make_select(chance)]
        if is_cheap(plain, case):
            if chance.random() < 0.4:
                case.statements = leave_joins_to_shards(case.statements)
            return case
    return Case(name)


def leave_joins_to_shards(statements):
    """PostgreSQL's own joins made dear, so that those in fragments are chosen wherever there is one."""
    settings = ["enable_hashjoin", "enable_mergejoin", "enable_nestloop", "jit"]  # dear plans would be compiled
    return ([Statement(f"SET {name} = off") for name in settings] + statements +
            [Statement(f"RESET {name}") for name in settings])


def make_select(chance):
    query = query_generator.Query(chance)
    sql, ordered = query.statement()
    return Statement(sql, ordered=ordered)


def make_prepared(chance):
    """PREPARE and EXECUTE with the drawn values, with others and with nulls."""
    query = query_generator.Query(chance, parameters=True)
    sql, ordered = query.statement()
    types, values = query.types, query.values
    declared = f" ({', '.join(types)})" if types else ""
    statements = [Statement(f"PREPARE q{declared} AS {sql}")]
    if chance.random() < 0.6:
        statements.insert(0, Statement("SET plan_cache_mode = force_generic_plan"))
    for arguments in make_arguments(chance, types, values):
        call = f" ({', '.join(arguments)})" if arguments else ""
        statements.append(Statement(f"EXECUTE q{call}", ordered=ordered))
    return statements + [Statement("DEALLOCATE q"), Statement("RESET plan_cache_mode")]


def make_arguments(chance, types, values):
    yield values
    for _ in range(2):
        yield [query_generator.literal(chance, name) if chance.random() < 0.8 else "NULL" for name in types]


def is_cheap(plain, case, limit=COST_LIMIT):
    """By EXPLAIN, which also says whether the statements are valid at all."""
    cheap = all(cost(plain, statement.sql) <= limit for statement in case.statements)
    for sql in ("DEALLOCATE ALL", "RESET plan_cache_mode"):
        plain.run(sql)
    return cheap


def cost(plain, sql):
    """What PostgreSQL expects, in its own unit. What EXPLAIN doesn't take is cheap, and done if EXECUTE needs it."""
    if sql.startswith(("PREPARE", "SET")):
        return float("inf") if plain.run(sql).error else 0
    if not sql.startswith(("SELECT", "WITH", "(", "INSERT", "UPDATE", "DELETE", "EXECUTE")):
        return 0
    outcome = plain.run("EXPLAIN " + sql)
    return float("inf") if outcome.error else float(re.search(r"cost=[\d.]+\.\.([\d.]+)", outcome.rows[0][0])[1])
