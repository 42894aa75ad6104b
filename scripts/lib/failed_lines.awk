# The lines of a test's log that say what failed, each with the lines beside it that explain it, briefly. Knows TAP ("not ok"), pg_regress and
# ctest ("... FAILED", "***Failed"), the project's own Python tests ("FAILED …", "… DIFFERENT …"), unittest and compilers; of any other log it
# shows the end.

BEGIN { MOST_LINES = 60; MOST_EXPLAINING = 12; WIDEST = 300; END_LINES = 20 }

{ end[NR % END_LINES] = $0 }

/^not ok|\.\.\. FAILED|\*\*\*Failed|^FAILED |DIFFERENT|^FAIL: |^Traceback|: error: / {
    for (line = 1; line <= said; line++) show(before[line])
    show($0)
    left = MOST_EXPLAINING
    said = 0
    next
}
left > 0 && /^(#|    )/ { show($0); left--; next }
{ left = 0 }
# What a program said before its check failed.
/^#/ && said < MOST_EXPLAINING { before[++said] = $0; next }
{ said = 0 }

function show(text) {
    if (++shown <= MOST_LINES) print substr(text, 1, WIDEST)
}

END {
    if (shown > MOST_LINES) print "(and " shown - MOST_LINES " lines more)"
    if (!shown)
        for (line = (NR > END_LINES ? NR - END_LINES : 0) + 1; line <= NR; line++) print substr(end[line % END_LINES], 1, WIDEST)
}
