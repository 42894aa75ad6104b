-- name: best_customers_of_frequent_items
WITH frequent AS (
    SELECT i_item_sk AS item_sk, count(*) AS lines FROM store_sales, date_dim, item
    WHERE ss_date_sk = d_date_sk AND ss_item_sk = i_item_sk AND d_year IN (1999, 2000) GROUP BY i_item_sk HAVING count(*) > 20),
customer_totals AS (
    SELECT c_customer_sk, sum(ss_quantity * ss_price) AS total FROM store_sales, customer WHERE ss_customer_sk = c_customer_sk GROUP BY c_customer_sk),
most AS (SELECT max(total) AS most FROM customer_totals),
best AS (SELECT c_customer_sk, total FROM customer_totals WHERE total > 0.4 * (SELECT most FROM most))
SELECT c_last, c_first, sum(sales) AS sales
FROM (SELECT c_last, c_first, sum(cs_quantity * cs_list_price) AS sales FROM catalog_sales, customer, date_dim
      WHERE d_year = 2000 AND cs_date_sk = d_date_sk AND cs_item_sk IN (SELECT item_sk FROM frequent)
        AND cs_customer_sk IN (SELECT c_customer_sk FROM best) AND cs_customer_sk = c_customer_sk GROUP BY c_last, c_first
      UNION ALL
      SELECT c_last, c_first, sum(ws_quantity * ws_list_price) FROM web_sales, customer, date_dim
      WHERE d_year = 2000 AND ws_date_sk = d_date_sk AND ws_item_sk IN (SELECT item_sk FROM frequent)
        AND ws_customer_sk IN (SELECT c_customer_sk FROM best) AND ws_customer_sk = c_customer_sk GROUP BY c_last, c_first) AS lines
GROUP BY c_last, c_first ORDER BY c_last, c_first, sales;

-- name: warehouses_with_uneven_stock
WITH uneven AS (
    SELECT w_warehouse_sk, i_item_sk, d_month, mean, CASE mean WHEN 0 THEN NULL ELSE round(deviation / mean, 4) END AS spread
    FROM (SELECT w_warehouse_sk, i_item_sk, d_month, stddev_samp(inv_on_hand) AS deviation, avg(inv_on_hand) AS mean
          FROM inventory, item, warehouse, date_dim
          WHERE inv_item_sk = i_item_sk AND inv_warehouse_sk = w_warehouse_sk AND inv_date_sk = d_date_sk GROUP BY w_warehouse_sk, i_item_sk, d_month) AS monthly
    WHERE mean <> 0 AND deviation / mean > 0.5)
SELECT one.w_warehouse_sk, one.i_item_sk, one.d_month, one.mean, one.spread, two.d_month, two.mean, two.spread
FROM uneven AS one, uneven AS two
WHERE one.i_item_sk = two.i_item_sk AND one.w_warehouse_sk = two.w_warehouse_sk AND one.d_month = 4 AND two.d_month = 5
ORDER BY one.w_warehouse_sk, one.i_item_sk, one.mean, one.spread, two.mean, two.spread;

-- name: shops_below_the_average_of_their_state
WITH totals AS (
    SELECT s_state, s_store_sk, sum(ss_profit) AS profit FROM store JOIN store_sales ON ss_store_sk = s_store_sk GROUP BY s_state, s_store_sk)
SELECT one.s_state, one.s_store_sk, one.profit, (SELECT max(profit) FROM totals AS three WHERE three.s_state = one.s_state) AS best
FROM totals AS one JOIN (SELECT s_state, avg(profit) AS average FROM totals GROUP BY s_state) AS two USING (s_state)
WHERE one.profit < two.average ORDER BY one.s_state, one.s_store_sk;

-- name: counties_that_grew
WITH ss AS (SELECT ca_county, d_quarter, d_year, sum(ss_paid) AS sales FROM store_sales, date_dim, customer_address
            WHERE ss_date_sk = d_date_sk AND ss_address_sk = ca_address_sk GROUP BY ca_county, d_quarter, d_year),
ws AS (SELECT ca_county, d_quarter, d_year, sum(ws_paid) AS sales FROM web_sales, date_dim, customer_address
       WHERE ws_date_sk = d_date_sk AND ws_ship_address_sk = ca_address_sk GROUP BY ca_county, d_quarter, d_year)
SELECT ss1.ca_county, round(ws2.sales / ws1.sales, 3) AS web_growth, round(ss2.sales / ss1.sales, 3) AS store_growth
FROM ss AS ss1, ss AS ss2, ws AS ws1, ws AS ws2
WHERE ss1.d_quarter = 1 AND ss1.d_year = 2000 AND ss1.ca_county = ss2.ca_county AND ss2.d_quarter = 2 AND ss2.d_year = 2000
  AND ss1.ca_county = ws1.ca_county AND ws1.d_quarter = 1 AND ws1.d_year = 2000 AND ws1.ca_county = ws2.ca_county AND ws2.d_quarter = 2 AND ws2.d_year = 2000
ORDER BY ss1.ca_county;

-- name: weeks_reached_through_a_recursion
WITH RECURSIVE chain AS (
    SELECT c_customer_sk, ss_ticket, ss_date_sk, 1 AS depth FROM customer JOIN store_sales ON ss_customer_sk = c_customer_sk
    WHERE c_customer_sk < 12 AND ss_date_sk < 200
    UNION
    SELECT c.c_customer_sk, s.ss_ticket, s.ss_date_sk, depth + 1 FROM chain AS c JOIN store_sales AS s ON s.ss_customer_sk = c.c_customer_sk
    WHERE s.ss_date_sk BETWEEN c.ss_date_sk + 1 AND c.ss_date_sk + 40 AND depth < 6)
SELECT c_customer_sk, depth, count(*) AS tickets, max(ss_date_sk) AS last_day FROM chain GROUP BY c_customer_sk, depth ORDER BY c_customer_sk, depth;
