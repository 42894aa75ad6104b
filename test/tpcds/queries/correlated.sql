-- name: customers_who_return_much
WITH back AS (
    SELECT sr_customer_sk AS customer, sr_store_sk AS store, sum(sr_amount) AS total FROM store_returns, date_dim
    WHERE sr_date_sk = d_date_sk AND d_year = 2000 GROUP BY sr_customer_sk, sr_store_sk)
SELECT c_customer_id FROM back AS b1, store, customer
WHERE b1.total > (SELECT avg(total) * 1.2 FROM back AS b2 WHERE b1.store = b2.store)
  AND s_store_sk = b1.store AND s_state = 'TN' AND b1.customer = c_customer_sk
ORDER BY c_customer_id LIMIT 100;

-- name: dear_items_by_state
SELECT ca_state, count(*) AS lines
FROM customer_address, customer, store_sales, date_dim, item AS i
WHERE ca_address_sk = c_address_sk AND c_customer_sk = ss_customer_sk AND ss_date_sk = d_date_sk AND ss_item_sk = i.i_item_sk
  AND d_week BETWEEN (SELECT min(d_week) FROM date_dim WHERE d_year = 2000) AND (SELECT max(d_week) FROM date_dim WHERE d_year = 2000 AND d_month < 7)
  AND i.i_price > 0.8 * (SELECT avg(j.i_price) FROM item AS j WHERE j.i_category = i.i_category)
GROUP BY ca_state HAVING count(*) >= 1 ORDER BY lines, ca_state;

-- name: discounts_above_average
SELECT sum(cs_paid) AS excess FROM catalog_sales, item, date_dim
WHERE i_manufacturer < 9 AND i_item_sk = cs_item_sk AND d_date_sk = cs_date_sk AND d_year = 2000
  AND cs_paid > (SELECT 1.3 * avg(inner_sales.cs_paid) FROM catalog_sales AS inner_sales, date_dim AS inner_date
                 WHERE inner_sales.cs_item_sk = i_item_sk AND inner_date.d_date_sk = inner_sales.cs_date_sk AND inner_date.d_year = 2000);

-- name: web_lines_above_the_items_average
SELECT ws_order, ws_item_sk, ws_paid FROM web_sales AS one
WHERE ws_paid > 1.8 * (SELECT avg(ws_paid) FROM web_sales AS two WHERE two.ws_item_sk = one.ws_item_sk)
ORDER BY ws_order, ws_item_sk, ws_paid LIMIT 50;

-- name: manufacturers_of_some_colors
SELECT DISTINCT i_product FROM item AS one
WHERE i_manufacturer BETWEEN 3 AND 20
  AND (SELECT count(*) FROM item AS two
       WHERE (two.i_manufacturer = one.i_manufacturer AND two.i_category = 'Sports' AND two.i_color IN ('red', 'pale'))
          OR (two.i_manufacturer = one.i_manufacturer AND two.i_category = 'Books' AND two.i_color = 'plum')) > 0
ORDER BY i_product;

-- name: last_purchase_before_a_return
SELECT sr_ticket, sr_item_sk, sr_amount,
       (SELECT max(d_date) FROM store_sales, date_dim WHERE ss_customer_sk = sr_customer_sk AND d_date_sk = ss_date_sk
                                                        AND ss_date_sk < sr_date_sk) AS last_purchase,
       (SELECT count(*) FROM web_sales WHERE ws_customer_sk = sr_customer_sk AND ws_date_sk > sr_date_sk) AS later_on_the_web
FROM store_returns WHERE sr_amount > 1500
ORDER BY sr_ticket, sr_item_sk, sr_amount LIMIT 60;

-- name: stock_below_the_items_minimum_of_another_house
SELECT w_name, inv_item_sk, inv_date_sk, inv_on_hand FROM inventory AS one JOIN warehouse ON w_warehouse_sk = inv_warehouse_sk
WHERE inv_on_hand < ALL (SELECT inv_on_hand / 2 FROM inventory AS two
                         WHERE two.inv_item_sk = one.inv_item_sk AND two.inv_warehouse_sk <> one.inv_warehouse_sk
                           AND two.inv_date_sk = one.inv_date_sk AND two.inv_on_hand IS NOT NULL)
ORDER BY w_name, inv_item_sk, inv_date_sk LIMIT 100;

-- name: price_buckets
SELECT CASE WHEN (SELECT count(*) FROM store_sales WHERE ss_quantity BETWEEN 1 AND 20) > 100
            THEN (SELECT avg(ss_list_price) FROM store_sales WHERE ss_quantity BETWEEN 1 AND 20)
            ELSE (SELECT avg(ss_paid) FROM store_sales WHERE ss_quantity BETWEEN 1 AND 20) END AS small,
       CASE WHEN (SELECT count(*) FROM store_sales WHERE ss_quantity BETWEEN 21 AND 60) > 100000
            THEN (SELECT avg(ss_list_price) FROM store_sales WHERE ss_quantity BETWEEN 21 AND 60)
            ELSE (SELECT avg(ss_paid) FROM store_sales WHERE ss_quantity BETWEEN 21 AND 60) END AS medium
FROM reason WHERE r_reason_sk = 1;
