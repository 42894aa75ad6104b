-- name: profit_of_channels
WITH shop AS (
    SELECT s_store_sk, sum(ss_paid) AS sales, sum(ss_profit) AS profit FROM store_sales, date_dim, store
    WHERE ss_date_sk = d_date_sk AND d_year = 2000 AND d_month = 8 AND ss_store_sk = s_store_sk GROUP BY s_store_sk),
shop_back AS (
    SELECT sr_store_sk, sum(sr_amount) AS returns, sum(sr_loss) AS loss FROM store_returns, date_dim
    WHERE sr_date_sk = d_date_sk AND d_year = 2000 AND d_month IN (8, 9) GROUP BY sr_store_sk),
mail AS (
    SELECT cs_warehouse_sk, sum(cs_paid) AS sales, sum(cs_profit) AS profit FROM catalog_sales, date_dim
    WHERE cs_date_sk = d_date_sk AND d_year = 2000 AND d_month = 8 GROUP BY cs_warehouse_sk),
mail_back AS (
    SELECT sum(cr_amount) AS returns, sum(cr_loss) AS loss FROM catalog_returns, date_dim
    WHERE cr_date_sk = d_date_sk AND d_year = 2000 AND d_month IN (8, 9))
SELECT channel, id, sum(sales) AS sales, sum(returns) AS returns, sum(profit) AS profit
FROM (SELECT 'shop' AS channel, s_store_sk AS id, sales, coalesce(returns, 0) AS returns, profit - coalesce(loss, 0) AS profit
      FROM shop LEFT JOIN shop_back ON s_store_sk = sr_store_sk
      UNION ALL
      SELECT 'mail', cs_warehouse_sk, sales, returns, profit - loss FROM mail, mail_back) AS both_channels
GROUP BY ROLLUP (channel, id)
ORDER BY channel, id, sales;

-- name: returns_of_channels
SELECT channel, i_category, d_year, d_quarter, count(*) AS sales_count, sum(price) AS sales_amount
FROM (SELECT 'store' AS channel, i_category, d_year, d_quarter, ss_price AS price
      FROM store_sales, item, date_dim WHERE ss_date_sk = d_date_sk AND ss_item_sk = i_item_sk AND ss_customer_sk IS NULL
      UNION ALL
      SELECT 'web', i_category, d_year, d_quarter, ws_price
      FROM web_sales, item, date_dim WHERE ws_date_sk = d_date_sk AND ws_item_sk = i_item_sk AND ws_ship_address_sk IS NULL
      UNION ALL
      SELECT 'catalog', i_category, d_year, d_quarter, cs_price
      FROM catalog_sales, item, date_dim WHERE cs_date_sk = d_date_sk AND cs_item_sk = i_item_sk AND cs_warehouse_sk IS NULL) AS lines
GROUP BY channel, i_category, d_year, d_quarter
ORDER BY channel, i_category, d_year, d_quarter LIMIT 100;

-- name: items_in_all_channels
WITH shop AS (SELECT i_item_id, sum(ss_paid) AS total FROM store_sales, date_dim, item
              WHERE i_color IN ('plum', 'navy') AND ss_item_sk = i_item_sk AND ss_date_sk = d_date_sk AND d_year = 2001 GROUP BY i_item_id),
mail AS (SELECT i_item_id, sum(cs_paid) AS total FROM catalog_sales, date_dim, item
         WHERE i_color IN ('plum', 'navy') AND cs_item_sk = i_item_sk AND cs_date_sk = d_date_sk AND d_year = 2001 GROUP BY i_item_id),
web AS (SELECT i_item_id, sum(ws_paid) AS total FROM web_sales, date_dim, item
        WHERE i_color IN ('plum', 'navy') AND ws_item_sk = i_item_sk AND ws_date_sk = d_date_sk AND d_year = 2001 GROUP BY i_item_id)
SELECT i_item_id, sum(total) AS total
FROM (SELECT * FROM shop UNION ALL SELECT * FROM mail UNION ALL SELECT * FROM web) AS channels
GROUP BY i_item_id ORDER BY total NULLS FIRST, i_item_id LIMIT 100;

-- name: weekday_sales_against_next_year
WITH lines AS (
    SELECT ws_date_sk AS date_sk, ws_paid AS paid FROM web_sales UNION ALL SELECT cs_date_sk, cs_paid FROM catalog_sales),
weeks AS (
    SELECT d_week, sum(paid) FILTER (WHERE d_day_name = 'Sunday') AS sunday, sum(paid) FILTER (WHERE d_day_name = 'Monday') AS monday,
           sum(CASE WHEN d_day_name = 'Friday' THEN paid END) AS friday, sum(CASE WHEN d_day_name = 'Saturday' THEN paid END) AS saturday
    FROM lines, date_dim WHERE d_date_sk = date_sk GROUP BY d_week)
SELECT one.d_week, round(one.sunday / nullif(two.sunday, 0), 2) AS sunday, round(one.monday / nullif(two.monday, 0), 2) AS monday,
       round(one.friday / nullif(two.friday, 0), 2) AS friday, round(one.saturday / nullif(two.saturday, 0), 2) AS saturday
FROM weeks AS one JOIN weeks AS two ON one.d_week = two.d_week - 52
ORDER BY one.d_week;

-- name: spending_that_grew_faster_on_the_web
WITH year_total AS (
    SELECT c_customer_id, c_first, c_last, d_year, sum(ss_list_price * ss_quantity - ss_paid) AS total, 's' AS kind
    FROM customer, store_sales, date_dim WHERE c_customer_sk = ss_customer_sk AND ss_date_sk = d_date_sk
    GROUP BY c_customer_id, c_first, c_last, d_year
    UNION ALL
    SELECT c_customer_id, c_first, c_last, d_year, sum(ws_list_price * ws_quantity - ws_paid), 'w'
    FROM customer, web_sales, date_dim WHERE c_customer_sk = ws_customer_sk AND ws_date_sk = d_date_sk
    GROUP BY c_customer_id, c_first, c_last, d_year)
SELECT s2.c_customer_id, s2.c_first, s2.c_last
FROM year_total AS s1, year_total AS s2, year_total AS w1, year_total AS w2
WHERE s2.c_customer_id = s1.c_customer_id AND s1.c_customer_id = w2.c_customer_id AND s1.c_customer_id = w1.c_customer_id
  AND s1.kind = 's' AND w1.kind = 'w' AND s2.kind = 's' AND w2.kind = 'w'
  AND s1.d_year = 1999 AND s2.d_year = 2000 AND w1.d_year = 1999 AND w2.d_year = 2000 AND s1.total > 0 AND w1.total > 0
  AND w2.total / w1.total > s2.total / s1.total
ORDER BY s2.c_customer_id, s2.c_first, s2.c_last LIMIT 100;

-- name: brand_sales_of_two_years
WITH all_sales AS (
    SELECT d_year, i_brand, i_class, sum(quantity) AS quantity, sum(amount) AS amount
    FROM (SELECT d_year, i_brand, i_class, cs_quantity - coalesce(cr_quantity, 0) AS quantity, cs_paid - coalesce(cr_amount, 0.0) AS amount
          FROM catalog_sales JOIN item ON i_item_sk = cs_item_sk JOIN date_dim ON d_date_sk = cs_date_sk
               LEFT JOIN catalog_returns ON cs_order = cr_order AND cs_item_sk = cr_item_sk
          WHERE i_category = 'Books'
          UNION
          SELECT d_year, i_brand, i_class, ss_quantity - coalesce(sr_quantity, 0), ss_paid - coalesce(sr_amount, 0.0)
          FROM store_sales JOIN item ON i_item_sk = ss_item_sk JOIN date_dim ON d_date_sk = ss_date_sk
               LEFT JOIN store_returns ON ss_ticket = sr_ticket AND ss_item_sk = sr_item_sk
          WHERE i_category = 'Books') AS detail
    GROUP BY d_year, i_brand, i_class)
SELECT previous.d_year, this.d_year, this.i_brand, this.i_class, previous.quantity, this.quantity, this.amount - previous.amount AS change
FROM all_sales AS this JOIN all_sales AS previous ON this.i_brand = previous.i_brand AND this.i_class = previous.i_class
WHERE this.d_year = 2000 AND previous.d_year = 1999
ORDER BY change, this.quantity, this.i_brand, this.i_class LIMIT 100;

-- name: three_returns_of_an_item
WITH sr AS (SELECT i_item_id, sum(sr_quantity) AS quantity FROM store_returns, item, date_dim
            WHERE sr_item_sk = i_item_sk AND sr_date_sk = d_date_sk
              AND d_date IN (SELECT d_date FROM date_dim WHERE d_week IN (SELECT d_week FROM date_dim WHERE d_year = 2000)) GROUP BY i_item_id),
cr AS (SELECT i_item_id, sum(cr_quantity) AS quantity FROM catalog_returns, item, date_dim
       WHERE cr_item_sk = i_item_sk AND cr_date_sk = d_date_sk
         AND d_date IN (SELECT d_date FROM date_dim WHERE d_week IN (SELECT d_week FROM date_dim WHERE d_year = 2000)) GROUP BY i_item_id),
wr AS (SELECT i_item_id, sum(wr_quantity) AS quantity FROM web_returns, item, date_dim
       WHERE wr_item_sk = i_item_sk AND wr_date_sk = d_date_sk
         AND d_date IN (SELECT d_date FROM date_dim WHERE d_week IN (SELECT d_week FROM date_dim WHERE d_year = 2000)) GROUP BY i_item_id)
SELECT sr.i_item_id, sr.quantity AS store, round(sr.quantity * 100.0 / (sr.quantity + cr.quantity + wr.quantity), 2) AS share,
       cr.quantity AS catalog, wr.quantity AS web
FROM sr JOIN cr USING (i_item_id) JOIN wr USING (i_item_id)
ORDER BY sr.i_item_id, store;
