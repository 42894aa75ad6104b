-- The demo's tables, once as the distributed ones and once as the plain ones they are compared with.
CREATE TABLE section (
    name text PRIMARY KEY,
    component text NOT NULL
);

CREATE TABLE package (
    name text PRIMARY KEY,
    version text NOT NULL,
    section text NOT NULL,
    maintainer_domain text NOT NULL,
    installed_kb bigint NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    description text NOT NULL
);
CREATE INDEX package_section_idx ON package (section);

CREATE TABLE dependency (
    package text NOT NULL,
    kind text NOT NULL,
    position int NOT NULL,
    alternative int NOT NULL,
    target text NOT NULL,
    needed text,
    PRIMARY KEY (package, kind, position, alternative)
);
CREATE INDEX dependency_target_idx ON dependency (target);
