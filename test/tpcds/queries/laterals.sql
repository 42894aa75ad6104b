-- name: dearest_lines_of_each_shop
SELECT s_store_sk, s_name, top.ss_ticket, top.ss_item_sk, top.ss_paid
FROM store CROSS JOIN LATERAL (
    SELECT ss_ticket, ss_item_sk, ss_paid FROM store_sales WHERE ss_store_sk = s_store_sk
    ORDER BY ss_paid DESC NULLS LAST, ss_ticket, ss_item_sk LIMIT 3) AS top
ORDER BY s_store_sk, top.ss_paid DESC, top.ss_ticket, top.ss_item_sk;

-- name: latest_web_order_of_customers
SELECT c_customer_id, latest.ws_order, latest.d_date, latest.lines
FROM customer LEFT JOIN LATERAL (
    SELECT ws_order, d_date, count(*) AS lines FROM web_sales JOIN date_dim ON d_date_sk = ws_date_sk WHERE ws_customer_sk = c_customer_sk
    GROUP BY ws_order, d_date ORDER BY d_date DESC, ws_order LIMIT 1) AS latest ON true
WHERE c_birth_country = 'CHAD'
ORDER BY c_customer_id, latest.ws_order;

-- name: neighbours_in_price
SELECT i.i_item_sk, i.i_price, near.average
FROM item AS i, LATERAL (
    SELECT avg(ss_price) AS average FROM store_sales WHERE ss_item_sk = i.i_item_sk AND ss_price BETWEEN i.i_price - 20 AND i.i_price + 20) AS near
WHERE i.i_category = 'Shoes' ORDER BY i.i_item_sk;

-- name: top_lists_with_ties
SELECT * FROM (
    SELECT i_brand, count(*) / 10 AS tens FROM store_sales JOIN item ON i_item_sk = ss_item_sk WHERE ss_quantity > 50
    GROUP BY i_brand ORDER BY tens DESC FETCH FIRST 5 ROWS WITH TIES) AS top
ORDER BY tens DESC, i_brand;

-- name: customers_with_scalar_having
SELECT ss_customer_sk, sum(ss_paid) AS paid FROM store_sales
GROUP BY ss_customer_sk
HAVING sum(ss_paid) > (SELECT avg(total) FROM (SELECT sum(ss_paid) AS total FROM store_sales GROUP BY ss_customer_sk) AS totals)
   AND count(*) >= (SELECT min(lines) FROM (SELECT count(*) AS lines FROM catalog_sales GROUP BY cs_customer_sk) AS counts)
ORDER BY paid DESC, ss_customer_sk LIMIT 40;
