INSERT INTO ref_code SELECT chr(96 + g), CASE WHEN g % 3 <> 0 THEN chr(97 + g * 5 % 12) END, NULLIF(g % 5, 4)
FROM generate_series(1, 10) AS g;

INSERT INTO ref_number SELECT g, CASE WHEN g % 4 <> 0 THEN chr(97 + g % 12) END, g % 7 / 2.0 FROM generate_series(0, 14) AS g;

INSERT INTO alpha SELECT g * 5 % 17, g, CASE WHEN g % 6 <> 0 THEN chr(97 + g * 7 % 12) END, NULLIF(g * 3 % 19, 8) / 2.0,
    CASE WHEN g % 5 <> 0 THEN date '2024-01-01' + g * 11 % 12 END, NULLIF(g % 3, 2)::bool
FROM generate_series(1, 45) AS g;

INSERT INTO beta SELECT CASE WHEN g % 5 < 2 THEN g * 7 % 19 END, CASE WHEN g % 4 = 1 THEN g % 16 END,
    CASE WHEN g % 3 = 0 THEN chr(97 + g % 12) END, CASE WHEN g % 3 = 1 THEN g % 9 / 2.0 END
FROM generate_series(1, 40) AS g;

INSERT INTO skew SELECT CASE WHEN g % 3 <> 0 THEN 7 WHEN g % 9 = 0 THEN NULL ELSE g * 11 % 19 END, g % 16,
    CASE WHEN g % 7 <> 0 THEN chr(97 + g % 5) END
FROM generate_series(1, 50) AS g;

INSERT INTO gamma SELECT chr(96 + g), CASE WHEN g % 4 <> 0 THEN g * 5 % 16 END, date '2024-01-01' + g, NULLIF(g % 3, 1)::bool
FROM generate_series(1, 12) AS g;

INSERT INTO delta SELECT CASE WHEN g % 5 <> 0 THEN chr(97 + g * 3 % 13) END, CASE WHEN g % 4 <> 0 THEN g % 13 / 2.0 END,
    CASE WHEN g % 7 <> 0 THEN g * 5 % 16 END
FROM generate_series(1, 40) AS g;

INSERT INTO other SELECT CASE WHEN g % 8 <> 0 THEN g * 3 % 16 END, CASE WHEN g % 5 <> 0 THEN g * 7 % 19 END,
    CASE WHEN g % 3 <> 0 THEN chr(97 + g % 12) END, g % 11 / 2.0
FROM generate_series(1, 45) AS g;

INSERT INTO days SELECT date '2024-01-01' + g, g % 4, CASE WHEN g % 5 <> 0 THEN chr(97 + g) END FROM generate_series(0, 11) AS g;

INSERT INTO price SELECT CASE WHEN g % 6 <> 0 THEN g * 5 % 19 / 2.0 END, g % 16, chr(97 + g * 5 % 12) FROM generate_series(1, 30) AS g;

INSERT INTO flag SELECT CASE WHEN g % 4 <> 0 THEN g % 3 = 0 END, g % 19, CASE WHEN g % 5 <> 0 THEN chr(97 + g % 12) END
FROM generate_series(1, 30) AS g;

INSERT INTO lone VALUES (3, 'c'), (7, NULL);

INSERT INTO tree SELECT g, CASE WHEN g > 1 THEN g * 2 / 5 END, CASE WHEN g % 4 <> 0 THEN chr(97 + g % 12) END
FROM generate_series(1, 25) AS g;

INSERT INTO local_one SELECT g, CASE WHEN g % 5 <> 0 THEN g * 7 % 19 END, CASE WHEN g % 4 <> 0 THEN chr(97 + g % 12) END,
    date '2024-01-01' + g % 14
FROM generate_series(1, 25) AS g;

INSERT INTO local_two SELECT CASE WHEN g % 6 <> 0 THEN g % 19 END, CASE WHEN g % 5 <> 0 THEN g % 9 / 2.0 END, NULLIF(g % 4, 3) > 1
FROM generate_series(1, 25) AS g;

INSERT INTO tag SELECT CASE WHEN g % 6 <> 0 THEN chr(97 + g % 12) END, chr(97 + g * 5 % 12), CASE WHEN g % 5 <> 0 THEN md5((g % 7)::text)::uuid END, g % 19
FROM generate_series(1, 30) AS g;

INSERT INTO mark SELECT CASE WHEN g % 7 <> 0 THEN timestamptz '2024-03-30 22:00:00+00' + g % 10 * interval '1 hour' END, g % 16, chr(97 + g % 12)
FROM generate_series(1, 30) AS g;
