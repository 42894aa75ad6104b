-- :scale thousand lines of store sales. No randomness: a draw depends on its name and number alone. Keys of facts are null in
-- places; half of the sales are of a tenth of the items and customers.
CREATE FUNCTION draw(name text, number bigint, choices int) RETURNS int IMMUTABLE LANGUAGE sql
    AS $$ SELECT abs(hashtextextended(name, number) % choices)::int $$;
CREATE FUNCTION skewed(name text, number bigint, choices int) RETURNS int IMMUTABLE LANGUAGE sql
    AS $$ SELECT CASE WHEN draw(name || 'a', number, 2) = 0 THEN draw(name, number, greatest(choices / 10, 1)) ELSE draw(name, number, choices) END $$;
-- One in so many is null.
CREATE FUNCTION seldom_null(name text, number bigint, often int, value int) RETURNS int IMMUTABLE LANGUAGE sql
    AS $$ SELECT CASE WHEN draw(name || 'null', number, often) > 0 THEN value END $$;

INSERT INTO date_dim
SELECT g, day, extract(year FROM day), extract(quarter FROM day), extract(month FROM day), g / 7, extract(dow FROM day),
       (ARRAY['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'])[1 + extract(dow FROM day)::int]
FROM (SELECT g, date '1999-01-03' + g AS day FROM generate_series(0, 1091) AS g) AS days;

INSERT INTO time_dim
SELECT g, g / 4, g % 4 * 15, CASE WHEN g / 4 BETWEEN 6 AND 13 THEN 'early' WHEN g / 4 BETWEEN 14 AND 21 THEN 'late' ELSE 'night' END
FROM generate_series(0, 95) AS g;

INSERT INTO item
SELECT g, 'ITEM' || lpad((g / 2)::text, 6, '0'), CASE WHEN draw('product', g, 12) > 0 THEN 'thing ' || g END, 'brand ' || draw('brand', g, 20),
       'class ' || draw('class', g, 9), (ARRAY['Books', 'Music', 'Sports', 'Home', 'Shoes', NULL])[1 + draw('category', g, 6)],
       (ARRAY['red', 'pale', 'navy', 'lime', 'plum'])[1 + draw('color', g, 5)], draw('maker', g, 25),
       1 + draw('price', g, 9900) / 100.0, 1 + draw('cost', g, 6000) / 100.0
FROM generate_series(0, 199) AS g;

INSERT INTO customer_address
SELECT g, CASE WHEN draw('city', g, 9) > 0 THEN 'city ' || draw('city', g, 15) END, 'county ' || draw('county', g, 8),
       (ARRAY['TN', 'GA', 'OH', 'TX', 'CA', NULL])[1 + draw('state', g, 6)], (10000 + draw('zip', g, 60) * 7)::text, 'here'
FROM generate_series(0, 249) AS g;

INSERT INTO customer_demographics
SELECT g, (ARRAY['M', 'F'])[1 + g % 2], (ARRAY['S', 'M', 'D', 'W', NULL])[1 + g / 2 % 5],
       (ARRAY['primary', 'secondary', 'college', 'degree'])[1 + g / 10 % 4], g % 5
FROM generate_series(0, 119) AS g;

INSERT INTO household_demographics
SELECT g, g % 10, (ARRAY['0-500', '501-1000', '>1000', 'unknown'])[1 + g % 4], g % 7, g % 5 - 1 FROM generate_series(0, 99) AS g;

INSERT INTO customer
SELECT g, 'CUST' || lpad(g::text, 6, '0'), seldom_null('c_demo', g, 8, draw('c_demo', g, 120)),
       seldom_null('c_house', g, 8, draw('c_house', g, 100)), seldom_null('c_address', g, 10, draw('c_address', g, 250)),
       CASE WHEN draw('first', g, 7) > 0 THEN 'first ' || draw('first', g, 20) END, 'last ' || draw('last', g, 40),
       1930 + draw('birth', g, 65), (ARRAY['CHILE', 'CHAD', 'PERU', 'OMAN', NULL])[1 + draw('country', g, 5)],
       NULLIF(draw('preferred', g, 3), 2)::bool
FROM generate_series(0, 399) AS g;

INSERT INTO store
SELECT g, 'store ' || g % 8, 'city ' || g % 5, 'county ' || g % 4, (ARRAY['TN', 'GA', 'OH'])[1 + g % 3], seldom_null('staff', g, 5, 200 + g * 10)
FROM generate_series(0, 11) AS g;
INSERT INTO warehouse SELECT g, CASE WHEN g <> 3 THEN 'warehouse ' || g END, (ARRAY['TN', 'CA'])[1 + g % 2] FROM generate_series(0, 4) AS g;
INSERT INTO promotion SELECT g, 'promo ' || g % 9, g % 3 = 0, NULLIF(g % 4, 3) = 1 FROM generate_series(0, 29) AS g;
INSERT INTO ship_mode SELECT g, (ARRAY['express', 'overnight', 'regular'])[1 + g % 3], 'carrier ' || g % 6 FROM generate_series(0, 14) AS g;
INSERT INTO reason SELECT g, 'reason ' || g FROM generate_series(0, 9) AS g;

-- Lines of one ticket share their day, hour, shop and customer.
INSERT INTO store_sales
SELECT ticket, g % 4 * 50 + skewed('ss_item', g, 50), seldom_null('ss_date', ticket, 20, draw('ss_date', ticket, 1092)),
       seldom_null('ss_time', ticket, 15, 32 + draw('ss_time', ticket, 52)), seldom_null('ss_customer', ticket, 12, skewed('ss_customer', ticket, 400)),
       seldom_null('ss_demo', ticket, 15, draw('ss_demo', ticket, 120)), seldom_null('ss_house', ticket, 15, draw('ss_house', ticket, 100)),
       seldom_null('ss_address', ticket, 15, draw('ss_address', ticket, 250)), seldom_null('ss_store', ticket, 10, skewed('ss_store', ticket, 12)),
       seldom_null('ss_promo', g, 4, draw('ss_promo', g, 30)), quantity, list, price, quantity * price,
       quantity * (price - 1 - draw('ss_cost', g, 4000) / 100.0)
FROM (SELECT g, g / 4 AS ticket, seldom_null('ss_quantity', g, 25, 1 + draw('ss_quantity', g, 99)) AS quantity,
             1 + draw('ss_list', g, 12000) / 100.0 AS list, draw('ss_price', g, 9000) / 100.0 AS price
      FROM generate_series(1, :scale * 1000) AS g) AS line;

INSERT INTO store_returns
SELECT ss_ticket, ss_item_sk, seldom_null('sr_date', ss_ticket, 15, least(ss_date_sk + 1 + draw('sr_days', ss_ticket, 90), 1091)),
       CASE WHEN draw('sr_other', ss_ticket, 5) > 0 THEN ss_customer_sk ELSE draw('sr_customer', ss_ticket, 400) END, ss_store_sk,
       draw('sr_reason', ss_ticket + ss_item_sk, 10), 1 + ss_quantity / 2, (1 + ss_quantity / 2) * ss_price, 1 + draw('sr_loss', ss_ticket, 5000) / 100.0
FROM store_sales WHERE draw('returned', ss_ticket * 7 + ss_item_sk, 9) = 0;

INSERT INTO catalog_sales
SELECT ticket, g % 3 * 66 + skewed('cs_item', g, 66), day, day + 1 + draw('cs_ship', g, 130), customer,
       seldom_null('cs_address', ticket, 12, draw('cs_address', ticket, 250)), seldom_null('cs_house', g, 12, draw('cs_house', g, 5)),
       draw('cs_mode', ticket, 15), seldom_null('cs_promo', g, 4, draw('cs_promo', g, 30)), quantity, list, price, quantity * price,
       quantity * (price - 1 - draw('cs_cost', g, 4500) / 100.0)
FROM (SELECT g, g / 3 AS ticket, seldom_null('cs_date', g / 3, 20, draw('cs_date', g / 3, 960)) AS day,
             seldom_null('cs_customer', g / 3, 12, skewed('cs_customer', g / 3, 400)) AS customer,
             seldom_null('cs_quantity', g, 25, 1 + draw('cs_quantity', g, 99)) AS quantity,
             1 + draw('cs_list', g, 14000) / 100.0 AS list, draw('cs_price', g, 11000) / 100.0 AS price
      FROM generate_series(1, :scale * 500) AS g) AS line;

INSERT INTO catalog_returns
SELECT cs_order, cs_item_sk, least(cs_date_sk + 5 + draw('cr_days', cs_order, 90), 1091), cs_customer_sk, draw('cr_reason', cs_order, 10),
       1 + cs_quantity / 2, (1 + cs_quantity / 2) * cs_price, 1 + draw('cr_loss', cs_order, 5000) / 100.0
FROM catalog_sales WHERE draw('sent back', cs_order * 7 + cs_item_sk, 9) = 0;

INSERT INTO web_sales
SELECT ticket, g % 2 * 100 + skewed('ws_item', g, 100), day, day + 1 + draw('ws_ship', g, 130), customer,
       seldom_null('ws_address', ticket, 12, draw('ws_address', ticket, 250)), seldom_null('ws_house', g, 12, draw('ws_house', g, 5)),
       draw('ws_mode', ticket, 15), seldom_null('ws_promo', g, 4, draw('ws_promo', g, 30)), quantity, list, price, quantity * price,
       quantity * (price - 1 - draw('ws_cost', g, 4500) / 100.0)
FROM (SELECT g, g / 2 AS ticket, seldom_null('ws_date', g / 2, 20, draw('ws_date', g / 2, 960)) AS day,
             seldom_null('ws_customer', g / 2, 12, skewed('ws_customer', g / 2, 400)) AS customer,
             seldom_null('ws_quantity', g, 25, 1 + draw('ws_quantity', g, 99)) AS quantity,
             1 + draw('ws_list', g, 15000) / 100.0 AS list, draw('ws_price', g, 12000) / 100.0 AS price
      FROM generate_series(1, :scale * 300) AS g) AS line;

INSERT INTO web_returns
SELECT ws_order, ws_item_sk, least(ws_date_sk + 5 + draw('wr_days', ws_order, 90), 1091), ws_customer_sk, draw('wr_reason', ws_order, 10),
       1 + ws_quantity / 2, (1 + ws_quantity / 2) * ws_price, 1 + draw('wr_loss', ws_order, 5000) / 100.0
FROM web_sales WHERE draw('unwanted', ws_order * 7 + ws_item_sk, 9) = 0;

INSERT INTO inventory
SELECT item, house, week * 7, seldom_null('stock', item * 5000 + week * 5 + house, 30, draw('stock', item * 5000 + week * 5 + house, 900))
FROM generate_series(0, 199, 4) AS item, generate_series(0, 4) AS house, generate_series(0, 155, 6) AS week;
