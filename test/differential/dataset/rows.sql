INSERT INTO country (code, name, continent, population, area)
SELECT code, name, continent, population, area
FROM (VALUES
    ('at', 'Austria', 'Europe', 9100000, 83879.0),
    ('be', 'Belgium', 'Europe', 11700000, 30689.0),
    ('br', 'Brazil', 'America', 215000000, 8515767.0),
    ('ca', 'Canada', 'America', 39000000, 9984670.0),
    ('ci', 'Côte d''Ivoire', 'Africa', 28000000, 322463.0),
    ('de', 'Germany', 'Europe', 84000000, 357592.0),
    ('jp', 'Japan', 'Asia', 124000000, 377975.0),
    ('ke', 'Kenya', 'Africa', 54000000, 580367.0),
    ('nz', 'New Zealand', 'Oceania', 5200000, 268021.0),
    ('xx', 'Nowhere', NULL, NULL, NULL)
) AS v (code, name, continent, population, area);

INSERT INTO users
SELECT g, 'user ' || chr(65 + g % 26) || g % 40,
       CASE WHEN g % 5 <> 0 THEN 'u' || g || '@example.' || CASE g % 3 WHEN 0 THEN 'com' ELSE 'org' END END,
       CASE WHEN g % 11 <> 0 THEN 18 + (g * 37) % 60 END,
       CASE WHEN g % 7 <> 0 THEN (ARRAY['at', 'be', 'br', 'ca', 'ci', 'de', 'jp', 'ke'])[1 + (g * 13) % 8] END,
       ((g * 7919) % 100000) / 100.0,
       g % 4 <> 0,
       timestamptz '2024-01-01 00:00:00+00' + g * interval '7 hours 13 minutes',
       CASE WHEN g % 6 <> 0 THEN ARRAY['t' || g % 3, 't' || g % 5, NULL] END,
       CASE WHEN g % 8 <> 0 THEN jsonb_build_object('level', g % 10, 'langs', jsonb_build_array('l' || g % 4, g % 3),
                                                    'home', CASE WHEN g % 2 = 0 THEN jsonb_build_object('zip', 1000 + g) END) END,
       (ARRAY['sad', 'so so', 'fine', 'über', NULL])[1 + g % 5]::mood
FROM generate_series(1, 120) AS g;

INSERT INTO orders (user_id, id, item_code, quantity, price, placed, day, weight, remark)
SELECT CASE WHEN g % 3 = 0 THEN 7 ELSE 1 + (g * 31) % 90 END, g,
       CASE WHEN g % 13 <> 0 THEN 'item-' || (g * 17) % 70 END,
       1 + g % 9, CASE WHEN g % 10 <> 0 THEN ((g * 104729) % 9000) / 100.0 + 1 END,
       timestamp '2024-03-01 08:00:00' + g * interval '91 minutes',
       date '2024-03-01' + (g % 50),
       ((g * 7) % 23) / 8.0,
       CASE WHEN g % 4 = 0 THEN 'remark ' || g % 20 END
FROM generate_series(1, 450) AS g;

INSERT INTO events
SELECT CASE WHEN g % 9 = 0 THEN NULL ELSE (g * 29) % 130 END,
       (ARRAY['login', 'logout', 'buy', 'look', NULL])[1 + (g * 7) % 5],
       timestamptz '2024-03-30 20:00:00+00' + (g % 40) * interval '25 minutes',
       CASE WHEN g % 6 <> 0 THEN (g % 25) / 4.0 - 2 END,
       CASE WHEN g % 8 <> 0 THEN g % 12 END,
       CASE WHEN g % 3 <> 0 THEN json_build_object('n', g % 7, 'list', json_build_array(g % 2, 'x')) END
FROM generate_series(1, 300) AS g;

INSERT INTO items
SELECT 'item-' || g, CASE WHEN g % 9 <> 0 THEN 'thing ' || g % 30 END,
       (ARRAY['book', 'tool', 'toy', 'food'])[1 + g % 4],
       ((g * 331) % 5000) / 100.0, ((g * 3) % 40) / 16.0, (g * 19) % 100,
       CASE WHEN g % 5 <> 0 THEN jsonb_build_object('color', (ARRAY['red', 'green', 'blue'])[1 + g % 3], 'size', g % 6) END,
       CASE WHEN g % 6 <> 0 THEN (ARRAY['at', 'de', 'jp', 'nz'])[1 + g % 4] END,
       CASE WHEN g % 4 <> 0 THEN ROW(g, g % 7, 'p' || g % 3)::point3 END
FROM generate_series(0, 79) AS g;

INSERT INTO sparse VALUES (1, 'one'), (1000, 'thousand'), (-5, NULL);

INSERT INTO ticket (account, subject, state)
SELECT g % 12, 'ticket ' || g, (ARRAY['new', 'open', 'closed'])[1 + g % 3] FROM generate_series(1, 40) AS g;

INSERT INTO booking SELECT g % 8, g / 8, CASE WHEN g % 5 <> 0 THEN 'guest ' || g END FROM generate_series(0, 39) AS g;

INSERT INTO note
SELECT g, CASE WHEN g % 7 <> 0 THEN (g * 11) % 130 END, CASE WHEN g % 4 <> 0 THEN 'item-' || (g * 3) % 90 END, 'note ' || g % 15
FROM generate_series(1, 60) AS g;
