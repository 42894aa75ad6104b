"""Differences between the outcomes of one statement on two sides, as lines to print."""

TOLERANCE = 1e-9
FLOATS = ("float4", "float8")
SHOWN_ROWS = 5


def differences(plain, dist, ordered=False, any_detail=False):
    if plain.error or dist.error:
        return error_differences(plain, dist, any_detail)
    lines = []
    if plain.tag != dist.tag:
        lines.append(f"tag: plain {plain.tag!r}, dist {dist.tag!r}")
    if plain.notices != dist.notices:
        lines.append(f"notices: plain {plain.notices}, dist {dist.notices}")
    if plain.columns != dist.columns:
        lines.append(f"columns: plain {plain.columns}")
        lines.append(f"columns: dist  {dist.columns}")
        return lines
    return lines + row_differences(plain, dist, ordered)


def error_differences(plain, dist, any_detail):
    if not plain.error or not dist.error:
        return [f"plain: {summary(plain)}", f"dist:  {summary(dist)}"]
    lines = []
    for field in plain.error:
        if any_detail and field == "detail":
            continue
        if plain.error[field] != dist.error[field]:
            lines.append(f"error's {field}: plain {plain.error[field]!r}, dist {dist.error[field]!r}")
    return lines


def row_differences(plain, dist, ordered):
    if plain.rows is None or dist.rows is None:
        return [] if plain.rows == dist.rows else ["one side has rows, the other none"]
    floats = [i for i, column in enumerate(plain.columns or []) if column[1] in FLOATS]
    left, right = plain.rows, dist.rows
    if not ordered:
        left, right = sort_rows(left, floats), sort_rows(right, floats)
    if len(left) == len(right) and all(equal_rows(a, b, floats) for a, b in zip(left, right)):
        return []
    return describe_rows(left, right, floats)


def describe_rows(left, right, floats):
    lines = [f"rows: plain {len(left)}, dist {len(right)}"]
    only_left, only_right = unmatched(left, right), unmatched(right, left)
    if not only_left and not only_right:
        lines.append("the same rows in another order")
        only_left, only_right = left, right
    lines += [f"  plain: {row}" for row in only_left[:SHOWN_ROWS]]
    lines += [f"  dist:  {row}" for row in only_right[:SHOWN_ROWS]]
    return lines


def unmatched(rows, others):
    rest, result = list(others), []
    for row in rows:
        if row in rest:
            rest.remove(row)
        else:
            result.append(row)
    return result


def sort_rows(rows, floats):
    """By the exact columns first, so that rounding rarely decides where a row lands."""

    def key(row):
        exact = [(value is None, value or "") for i, value in enumerate(row) if i not in floats]
        return exact, [(row[i] is None, row[i] == "NaN", 0 if row[i] == "NaN" else float(row[i] or 0)) for i in floats]

    return sorted(rows, key=key)


def equal_rows(left, right, floats):
    if left == right:
        return True
    return len(left) == len(right) and all(
        a == b or (i in floats and equal_floats(a, b)) for i, (a, b) in enumerate(zip(left, right))
    )


def equal_floats(left, right):
    if left is None or right is None:
        return False
    a, b = float(left), float(right)
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1e-300)


def summary(outcome):
    if outcome.error:
        return f"{outcome.error['sqlstate']} {outcome.error['message']}"
    rows = f", {len(outcome.rows)} rows" if outcome.rows is not None else ""
    return f"{outcome.tag}{rows}"
