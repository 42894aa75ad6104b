-- name: customers_of_shop_and_web_or_catalog
SELECT cd_gender, cd_marital, cd_education, count(*) AS customers
FROM customer AS c, customer_address AS ca, customer_demographics
WHERE c.c_address_sk = ca.ca_address_sk AND ca_county IN ('county 1', 'county 3', 'county 5') AND cd_demo_sk = c.c_demo_sk
  AND EXISTS (SELECT * FROM store_sales, date_dim WHERE c.c_customer_sk = ss_customer_sk AND ss_date_sk = d_date_sk AND d_year = 2000)
  AND (EXISTS (SELECT * FROM web_sales, date_dim WHERE c.c_customer_sk = ws_customer_sk AND ws_date_sk = d_date_sk AND d_year = 2000)
       OR EXISTS (SELECT * FROM catalog_sales, date_dim WHERE c.c_customer_sk = cs_ship_address_sk AND cs_date_sk = d_date_sk AND d_year = 2000))
GROUP BY cd_gender, cd_marital, cd_education
ORDER BY cd_gender, cd_marital, cd_education;

-- name: customers_of_shops_but_nothing_else
SELECT ca_state, cd_gender, count(*) AS customers, max(cd_dependents) AS most, avg(c_birth_year) AS born
FROM customer AS c LEFT JOIN customer_address ON c_address_sk = ca_address_sk JOIN customer_demographics ON cd_demo_sk = c_demo_sk
WHERE EXISTS (SELECT 1 FROM store_sales WHERE ss_customer_sk = c_customer_sk AND ss_quantity > 50)
  AND NOT EXISTS (SELECT 1 FROM web_sales WHERE ws_customer_sk = c_customer_sk AND ws_item_sk < 20 AND ws_quantity > 90)
  AND NOT EXISTS (SELECT 1 FROM catalog_sales WHERE cs_customer_sk = c_customer_sk AND cs_item_sk < 20 AND cs_quantity > 90)
GROUP BY ca_state, cd_gender ORDER BY ca_state, cd_gender;

-- name: orders_from_two_warehouses
SELECT count(DISTINCT cs_order) AS orders, sum(cs_paid) AS paid, sum(cs_profit) AS profit
FROM catalog_sales AS one, date_dim, customer_address
WHERE d_year = 2000 AND one.cs_ship_date_sk = d_date_sk AND one.cs_ship_address_sk = ca_address_sk AND ca_state = 'GA'
  AND EXISTS (SELECT * FROM catalog_sales AS two WHERE one.cs_order = two.cs_order AND one.cs_warehouse_sk <> two.cs_warehouse_sk)
  AND NOT EXISTS (SELECT * FROM catalog_returns WHERE one.cs_order = cr_order);

-- name: web_orders_returned_in_part
WITH split AS (
    SELECT one.ws_order FROM web_sales AS one, web_sales AS two
    WHERE one.ws_order = two.ws_order AND one.ws_warehouse_sk <> two.ws_warehouse_sk)
SELECT count(DISTINCT ws_order) AS orders, sum(ws_paid) AS paid
FROM web_sales, date_dim WHERE d_year = 2000 AND ws_ship_date_sk = d_date_sk
  AND ws_order IN (SELECT ws_order FROM split) AND ws_order IN (SELECT wr_order FROM web_returns, split WHERE wr_order = split.ws_order);

-- name: addresses_without_customers
SELECT ca_state, count(*) FROM customer_address
WHERE ca_address_sk NOT IN (SELECT c_address_sk FROM customer WHERE c_address_sk IS NOT NULL)
GROUP BY ca_state ORDER BY ca_state;

-- name: not_in_with_nulls
SELECT count(*) FROM item WHERE i_item_sk NOT IN (SELECT sr_store_sk FROM store_returns);

-- name: zips_or_dear_or_far
SELECT ca_zip, sum(cs_paid) FROM catalog_sales, customer, customer_address, date_dim
WHERE cs_customer_sk = c_customer_sk AND c_address_sk = ca_address_sk AND cs_date_sk = d_date_sk AND d_quarter = 1 AND d_year = 2000
  AND (left(ca_zip, 4) IN ('1000', '1004', '1012', '1030') OR ca_state IN ('CA', 'GA') OR cs_price > 90)
GROUP BY ca_zip ORDER BY ca_zip LIMIT 100;

-- name: places_by_item_or_zip
SELECT ca_zip, ca_city, sum(ws_price) FROM web_sales, customer, customer_address, date_dim, item
WHERE ws_customer_sk = c_customer_sk AND c_address_sk = ca_address_sk AND ws_item_sk = i_item_sk AND ws_date_sk = d_date_sk
  AND (left(ca_zip, 4) IN ('1000', '1004', '1012') OR i_item_id IN (SELECT i_item_id FROM item WHERE i_item_sk IN (2, 3, 5, 7, 11, 13, 17)))
  AND d_year = 2000
GROUP BY ca_zip, ca_city ORDER BY ca_zip, ca_city LIMIT 100;

-- name: sales_of_households_or_bands
SELECT sum(ss_quantity) FROM store_sales, store, customer_demographics, customer_address, date_dim
WHERE s_store_sk = ss_store_sk AND ss_date_sk = d_date_sk AND d_year = 2000
  AND ((cd_demo_sk = ss_demo_sk AND cd_marital = 'M' AND cd_education = 'college' AND ss_price BETWEEN 20 AND 70)
       OR (cd_demo_sk = ss_demo_sk AND cd_marital = 'S' AND cd_education = 'degree' AND ss_price BETWEEN 50 AND 100))
  AND ((ss_address_sk = ca_address_sk AND ca_state IN ('CA', 'TX') AND ss_profit BETWEEN 0 AND 2000)
       OR (ss_address_sk = ca_address_sk AND ca_state IN ('OH', 'TN') AND ss_profit BETWEEN 150 AND 3000));
