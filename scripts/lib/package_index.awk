# Turns Debian package indexes into rows for COPY: FOLDER/package.tsv, dependency.tsv, section.tsv.
# The first entry of a package name wins.

BEGIN { OFS = "\t" }

/^$/ { finish(); next }
/^[ \t]/ { next }
{
    colon = index($0, ":")
    field[substr($0, 1, colon - 1)] = clean(substr($0, colon + 2))
}
END { finish() }

function clean(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/\t/, " ", text)
    return text
}

function finish(    name, section, domain) {
    name = field["Package"]
    if (name != "" && !(name in seen)) {
        seen[name] = 1
        section = field["Section"] != "" ? field["Section"] : "unknown"
        if (!(section in sections)) {
            sections[section] = 1
            print section, (index(section, "/") ? substr(section, 1, index(section, "/") - 1) : "main") > (FOLDER "/section.tsv")
        }
        domain = tolower(field["Maintainer"])
        sub(/^.*@/, "", domain)
        sub(/>.*$/, "", domain)
        print name, field["Version"], section, domain, field["Installed-Size"] + 0, field["Size"] + 0, field["Description"] > (FOLDER "/package.tsv")
        dependencies(name, "pre-depends", field["Pre-Depends"])
        dependencies(name, "depends", field["Depends"])
    }
    split("", field)
}

# "a (>= 1) | b, c:any": groups, of which one alternative each is needed.
function dependencies(name, kind, text,    groups, n, i, alternatives, m, j, target, needed) {
    n = split(text, groups, /, */)
    for (i = 1; i <= n; i++) {
        m = split(groups[i], alternatives, / *\| */)
        for (j = 1; j <= m; j++) {
            target = alternatives[j]
            needed = "\\N"
            if (match(target, /\(.*\)/)) needed = substr(target, RSTART + 1, RLENGTH - 2)
            sub(/[ (:].*$/, "", target)
            if (target != "") print name, kind, i, j, target, needed > (FOLDER "/dependency.tsv")
        }
    }
}
