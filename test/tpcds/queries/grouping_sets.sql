-- name: profit_by_category_and_class
SELECT i_category, i_class, sum(ss_profit) / sum(ss_paid) AS margin, grouping(i_category) + grouping(i_class) AS level,
       rank() OVER (PARTITION BY grouping(i_category) + grouping(i_class),
                                 CASE WHEN grouping(i_class) = 0 THEN i_category END
                    ORDER BY sum(ss_profit) / sum(ss_paid)) AS place
FROM store_sales JOIN date_dim ON d_date_sk = ss_date_sk JOIN item ON i_item_sk = ss_item_sk JOIN store ON s_store_sk = ss_store_sk
WHERE d_year = 2000 AND s_state IN ('TN', 'GA')
GROUP BY ROLLUP (i_category, i_class)
ORDER BY level DESC, i_category, i_class, place LIMIT 100;

-- name: averages_by_item_and_state
SELECT i_item_id, s_state, grouping(s_state) AS total, avg(ss_quantity) AS quantity, avg(ss_list_price) AS list, avg(ss_price) AS price
FROM store_sales, customer_demographics, date_dim, store, item
WHERE ss_date_sk = d_date_sk AND ss_item_sk = i_item_sk AND ss_store_sk = s_store_sk AND ss_demo_sk = cd_demo_sk
  AND cd_gender = 'F' AND cd_marital IN ('S', 'M') AND d_year = 2001
GROUP BY ROLLUP (i_item_id, s_state)
ORDER BY i_item_id, s_state, total LIMIT 100;

-- name: customers_by_country_state_county
SELECT c_birth_country, ca_state, ca_county, grouping(c_birth_country, ca_state, ca_county) AS sets, avg(cs_quantity) AS quantity,
       avg(cs_list_price) AS list, avg(c_birth_year) AS born, count(DISTINCT c_customer_sk) AS customers
FROM catalog_sales JOIN customer ON cs_customer_sk = c_customer_sk JOIN customer_address ON c_address_sk = ca_address_sk
     JOIN date_dim ON cs_date_sk = d_date_sk
WHERE d_year = 2000
GROUP BY ROLLUP (c_birth_country, ca_state, ca_county)
ORDER BY c_birth_country, ca_state, ca_county, sets LIMIT 100;

-- name: stock_by_product
SELECT i_product, i_brand, i_class, i_category, avg(inv_on_hand) AS stock
FROM inventory, date_dim, item
WHERE inv_date_sk = d_date_sk AND inv_item_sk = i_item_sk AND d_year = 2000
GROUP BY ROLLUP (i_product, i_brand, i_class, i_category)
ORDER BY stock, i_product, i_brand, i_class, i_category LIMIT 100;

-- name: best_classes_of_each_category
SELECT * FROM (
    SELECT i_category, i_class, i_brand, d_year, d_quarter, sum(coalesce(ss_price * ss_quantity, 0)) AS sales,
           rank() OVER (PARTITION BY i_category ORDER BY sum(coalesce(ss_price * ss_quantity, 0)) DESC) AS place
    FROM store_sales, date_dim, store, item
    WHERE ss_date_sk = d_date_sk AND ss_item_sk = i_item_sk AND ss_store_sk = s_store_sk AND d_year = 1999
    GROUP BY ROLLUP (i_category, i_class, i_brand, d_year, d_quarter)) AS ranked
WHERE place <= 5
ORDER BY i_category NULLS FIRST, place, i_class, i_brand, d_year, d_quarter, sales;

-- name: profit_by_state_and_county
SELECT sum(ss_profit) AS total, s_state, s_county, grouping(s_state) + grouping(s_county) AS level,
       rank() OVER (PARTITION BY grouping(s_state) + grouping(s_county), CASE WHEN grouping(s_county) = 0 THEN s_state END
                    ORDER BY sum(ss_profit) DESC) AS place
FROM store_sales, date_dim, store
WHERE d_date_sk = ss_date_sk AND s_store_sk = ss_store_sk AND d_year = 2000 AND s_state IN (
    SELECT s_state FROM (
        SELECT s_state, rank() OVER (PARTITION BY s_state ORDER BY sum(ss_profit) DESC) AS ranking
        FROM store_sales, store, date_dim
        WHERE d_date_sk = ss_date_sk AND d_year = 2000 AND s_store_sk = ss_store_sk GROUP BY s_state) AS best
    WHERE ranking <= 5)
GROUP BY ROLLUP (s_state, s_county)
ORDER BY level DESC, s_state, s_county, place;

-- name: web_sales_by_category
SELECT sum(ws_paid) AS total, i_category, i_class, grouping(i_category) + grouping(i_class) AS level
FROM web_sales, date_dim, item
WHERE d_year = 2000 AND d_date_sk = ws_date_sk AND i_item_sk = ws_item_sk
GROUP BY ROLLUP (i_category, i_class)
ORDER BY level DESC, i_category, i_class;

-- name: cube_of_returns
SELECT r_text, d_year, count(*) AS lines, sum(sr_amount) AS amount, count(DISTINCT sr_customer_sk) AS customers, grouping(r_text, d_year) AS sets
FROM store_returns LEFT JOIN date_dim ON sr_date_sk = d_date_sk JOIN reason ON r_reason_sk = sr_reason_sk
GROUP BY CUBE (r_text, d_year)
HAVING count(*) > 3
ORDER BY sets, r_text, d_year;

-- name: sets_of_customers_and_shops
SELECT ss_customer_sk, ss_store_sk, grouping(ss_customer_sk, ss_store_sk) AS sets, sum(ss_paid) AS paid, min(ss_price) AS cheapest,
       count(*) FILTER (WHERE ss_promo_sk IS NULL) AS without
FROM store_sales
WHERE ss_customer_sk < 30
GROUP BY GROUPING SETS ((ss_customer_sk, ss_store_sk), (ss_customer_sk), (ss_store_sk), ())
ORDER BY sets, ss_customer_sk, ss_store_sk;
