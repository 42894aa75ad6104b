"""Parts of a statement that can be left out or replaced, marked in its text: what makes it small once it has failed.

may("x > 1", "true") is the text x > 1 with the marks of the alternative true. Marks nest."""
import re

OPEN, OR, CLOSE = "\x01", "\x02", "\x03"


def may(text, *alternatives):
    return OPEN + text + "".join(OR + alternative for alternative in alternatives) + CLOSE


def plain_text(marked):
    """Without marks and alternatives."""
    return re.sub(" +", " ", render(parse(marked)))


class Part:
    def __init__(self, choices):
        self.choices, self.chosen = choices, 0


def parse(marked):
    """A list of texts and Parts."""
    stack = [[[]]]
    for token in re.split(f"([{OPEN}{OR}{CLOSE}])", marked):
        if token == OPEN:
            stack.append([[]])
        elif token == OR:
            stack[-1].append([])
        elif token == CLOSE:
            part = Part(stack.pop())
            stack[-1][-1].append(part)
        elif token:
            stack[-1][-1].append(token)
    return stack[0][0]


def render(nodes):
    return "".join(node if isinstance(node, str) else render(node.choices[node.chosen]) for node in nodes)


def parts(nodes):
    """Those in the text as it stands, the outer ones before those inside them."""
    level = [node for node in nodes if isinstance(node, Part)]
    while level:
        yield from level
        level = [inner for part in level for inner in part.choices[part.chosen] if isinstance(inner, Part)]


def reduce(marked, still_fails):
    """The smallest text found for which still_fails(text) holds."""
    nodes, changed = parse(marked), True
    while changed:
        changed = False
        for part in list(parts(nodes)):
            before = part.chosen
            for choice in range(1, len(part.choices)):
                if before == 0 and not changed_for_better(nodes, part, choice, still_fails):
                    part.chosen = before
                elif before == 0:
                    changed = True
                    break
    return re.sub(" +", " ", render(nodes))


def changed_for_better(nodes, part, choice, still_fails):
    old = render(nodes)
    part.chosen = choice
    new = render(nodes)
    return new != old and still_fails(new)
