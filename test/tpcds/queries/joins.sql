-- name: customers_of_two_channels_by_full_join
WITH shop AS (
    SELECT ss_customer_sk AS customer, ss_item_sk AS item FROM store_sales, date_dim WHERE ss_date_sk = d_date_sk AND d_year = 2000
    GROUP BY ss_customer_sk, ss_item_sk),
mail AS (
    SELECT cs_customer_sk AS customer, cs_item_sk AS item FROM catalog_sales, date_dim WHERE cs_date_sk = d_date_sk AND d_year = 2000
    GROUP BY cs_customer_sk, cs_item_sk)
SELECT count(*) FILTER (WHERE shop.customer IS NOT NULL AND mail.customer IS NULL) AS shop_only,
       count(*) FILTER (WHERE shop.customer IS NULL AND mail.customer IS NOT NULL) AS mail_only,
       count(*) FILTER (WHERE shop.customer IS NOT NULL AND mail.customer IS NOT NULL) AS both_channels
FROM shop FULL OUTER JOIN mail ON shop.customer = mail.customer AND shop.item = mail.item;

-- name: totals_of_customers_by_full_join
SELECT customer, shop.total AS shop, web.total AS web, mail.total AS mail
FROM (SELECT ss_customer_sk AS customer, sum(ss_paid) AS total FROM store_sales WHERE ss_quantity > 80 GROUP BY 1) AS shop
FULL JOIN (SELECT ws_customer_sk AS customer, sum(ws_paid) AS total FROM web_sales WHERE ws_quantity > 80 GROUP BY 1) AS web USING (customer)
FULL JOIN (SELECT cs_customer_sk AS customer, sum(cs_paid) AS total FROM catalog_sales WHERE cs_quantity > 80 GROUP BY 1) AS mail USING (customer)
ORDER BY customer NULLS LAST, shop, web, mail LIMIT 100;

-- name: sold_returned_and_bought_again
SELECT i_item_id, s_name, sum(ss_profit) AS sold, sum(sr_loss) AS back, sum(cs_profit) AS again
FROM store_sales, store_returns, catalog_sales, date_dim AS d1, date_dim AS d2, store, item
WHERE d1.d_year = 2000 AND d1.d_date_sk = ss_date_sk AND i_item_sk = ss_item_sk AND s_store_sk = ss_store_sk
  AND ss_customer_sk = sr_customer_sk AND ss_item_sk = sr_item_sk AND ss_ticket = sr_ticket AND sr_date_sk = d2.d_date_sk
  AND sr_customer_sk = cs_customer_sk AND d2.d_year IN (2000, 2001)
GROUP BY i_item_id, s_name ORDER BY i_item_id, s_name LIMIT 100;

-- name: returns_within_days
SELECT s_name, sum(CASE WHEN sr_date_sk - ss_date_sk <= 30 THEN 1 ELSE 0 END) AS days_30,
       sum(CASE WHEN sr_date_sk - ss_date_sk > 30 AND sr_date_sk - ss_date_sk <= 60 THEN 1 ELSE 0 END) AS days_60,
       sum(CASE WHEN sr_date_sk - ss_date_sk > 60 THEN 1 ELSE 0 END) AS later
FROM store_sales, store_returns, store, date_dim
WHERE ss_ticket = sr_ticket AND ss_item_sk = sr_item_sk AND ss_customer_sk = sr_customer_sk AND ss_store_sk = s_store_sk
  AND sr_date_sk = d_date_sk AND d_year = 2000
GROUP BY s_name ORDER BY s_name;

-- name: days_until_shipped
SELECT w_name, sm_type, count(*) FILTER (WHERE cs_ship_date_sk - cs_date_sk <= 30) AS days_30,
       count(*) FILTER (WHERE cs_ship_date_sk - cs_date_sk BETWEEN 31 AND 90) AS days_90, count(*) FILTER (WHERE cs_ship_date_sk - cs_date_sk > 90) AS later
FROM catalog_sales LEFT JOIN warehouse ON cs_warehouse_sk = w_warehouse_sk JOIN ship_mode ON cs_mode_sk = sm_mode_sk
     JOIN date_dim ON cs_ship_date_sk = d_date_sk
WHERE d_year = 2000 GROUP BY w_name, sm_type ORDER BY w_name, sm_type;

-- name: stock_before_and_after
SELECT w_name, i_item_id, sum(CASE WHEN d_date < '2000-06-01' THEN inv_on_hand ELSE 0 END) AS before,
       sum(CASE WHEN d_date >= '2000-06-01' THEN inv_on_hand ELSE 0 END) AS after
FROM inventory JOIN warehouse ON inv_warehouse_sk = w_warehouse_sk JOIN item ON i_item_sk = inv_item_sk JOIN date_dim ON inv_date_sk = d_date_sk
WHERE i_price BETWEEN 20 AND 60 AND d_date BETWEEN date '2000-06-01' - 100 AND date '2000-06-01' + 100
GROUP BY w_name, i_item_id
HAVING sum(CASE WHEN d_date < '2000-06-01' THEN inv_on_hand ELSE 0 END) < 3 * sum(CASE WHEN d_date >= '2000-06-01' THEN inv_on_hand ELSE 0 END)
ORDER BY w_name, i_item_id LIMIT 100;

-- name: promised_but_not_in_stock
SELECT i_product, w_name, d1.d_week, sum(CASE WHEN p_promo_sk IS NULL THEN 1 ELSE 0 END) AS no_promo,
       sum(CASE WHEN p_promo_sk IS NOT NULL THEN 1 ELSE 0 END) AS promo, count(*) AS total
FROM catalog_sales JOIN inventory ON cs_item_sk = inv_item_sk JOIN warehouse ON w_warehouse_sk = inv_warehouse_sk JOIN item ON i_item_sk = cs_item_sk
     JOIN customer ON cs_customer_sk = c_customer_sk JOIN household_demographics ON c_household_sk = hd_household_sk
     JOIN date_dim AS d1 ON cs_date_sk = d1.d_date_sk JOIN date_dim AS d2 ON inv_date_sk = d2.d_date_sk
     LEFT JOIN promotion ON cs_promo_sk = p_promo_sk LEFT JOIN catalog_returns ON cr_item_sk = cs_item_sk AND cr_order = cs_order
WHERE abs(d1.d_week - d2.d_week) <= 2 AND inv_on_hand < cs_quantity * 3 AND hd_potential = '>1000' AND d1.d_year = 2000
GROUP BY i_product, w_name, d1.d_week ORDER BY total DESC, i_product, w_name, d1.d_week LIMIT 100;

-- name: tickets_of_large_households
SELECT c_last, c_first, ss_ticket, ca_city, bought_city, paid
FROM (SELECT ss_ticket, ss_customer_sk, ca_city AS bought_city, sum(ss_paid) AS paid
      FROM store_sales, date_dim, store, household_demographics, customer_address
      WHERE ss_date_sk = d_date_sk AND ss_store_sk = s_store_sk AND ss_household_sk = hd_household_sk AND ss_address_sk = ca_address_sk
        AND (hd_dependents = 4 OR hd_vehicles = 3) AND d_weekday IN (0, 6) AND s_city IN ('city 1', 'city 2', 'city 4')
      GROUP BY ss_ticket, ss_customer_sk, ss_address_sk, ca_city) AS tickets, customer, customer_address AS home
WHERE ss_customer_sk = c_customer_sk AND c_address_sk = home.ca_address_sk AND home.ca_city <> bought_city
ORDER BY c_last, c_first NULLS LAST, ca_city, bought_city, ss_ticket LIMIT 100;

-- name: net_of_returned_tickets
SELECT customer, sum(sales) AS sales
FROM (SELECT ss_item_sk, ss_ticket, ss_customer_sk AS customer,
             CASE WHEN sr_quantity IS NOT NULL THEN (ss_quantity - sr_quantity) * ss_price ELSE ss_quantity * ss_price END AS sales
      FROM store_sales LEFT JOIN store_returns ON sr_item_sk = ss_item_sk AND sr_ticket = ss_ticket LEFT JOIN reason ON sr_reason_sk = r_reason_sk
      WHERE r_text = 'reason 3' OR r_text IS NULL) AS lines
GROUP BY customer ORDER BY sales NULLS FIRST, customer LIMIT 100;
