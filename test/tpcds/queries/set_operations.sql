-- name: customers_of_all_channels
SELECT count(*) FROM (
    SELECT DISTINCT c_last, c_first, d_date FROM store_sales, date_dim, customer
    WHERE ss_date_sk = d_date_sk AND ss_customer_sk = c_customer_sk AND d_year IN (1999, 2000)
    INTERSECT
    SELECT DISTINCT c_last, c_first, d_date FROM catalog_sales, date_dim, customer
    WHERE cs_date_sk = d_date_sk AND cs_customer_sk = c_customer_sk AND d_year IN (1999, 2000)) AS hot;

-- name: customers_of_shops_only
SELECT c_last, count(*) FROM (
    (SELECT c_last, c_first FROM store_sales, customer WHERE ss_customer_sk = c_customer_sk)
    EXCEPT
    (SELECT c_last, c_first FROM catalog_sales, customer WHERE cs_customer_sk = c_customer_sk AND cs_item_sk < 20 AND cs_quantity > 90)
    EXCEPT
    (SELECT c_last, c_first FROM web_sales, customer WHERE ws_customer_sk = c_customer_sk AND ws_item_sk < 20 AND ws_quantity > 90)) AS cool
GROUP BY c_last ORDER BY c_last;

-- name: items_sold_everywhere
WITH cross_items AS (
    SELECT i_item_sk FROM item JOIN (
        SELECT i_brand, i_class, i_category FROM store_sales, item WHERE ss_item_sk = i_item_sk AND ss_quantity > 20
        INTERSECT SELECT i_brand, i_class, i_category FROM catalog_sales, item WHERE cs_item_sk = i_item_sk
        INTERSECT SELECT i_brand, i_class, i_category FROM web_sales, item WHERE ws_item_sk = i_item_sk) AS everywhere
    USING (i_brand, i_class, i_category)),
average AS (
    SELECT avg(quantity * list) AS average FROM (
        SELECT ss_quantity AS quantity, ss_list_price AS list FROM store_sales
        UNION ALL SELECT cs_quantity, cs_list_price FROM catalog_sales
        UNION ALL SELECT ws_quantity, ws_list_price FROM web_sales) AS lines)
SELECT channel, i_brand, sum(sales) AS sales, sum(lines) AS lines
FROM (SELECT 'store' AS channel, i_brand, sum(ss_quantity * ss_list_price) AS sales, count(*) AS lines
      FROM store_sales JOIN item ON ss_item_sk = i_item_sk WHERE ss_item_sk IN (SELECT i_item_sk FROM cross_items)
      GROUP BY i_brand HAVING sum(ss_quantity * ss_list_price) > (SELECT average FROM average)
      UNION ALL
      SELECT 'catalog', i_brand, sum(cs_quantity * cs_list_price), count(*)
      FROM catalog_sales JOIN item ON cs_item_sk = i_item_sk WHERE cs_item_sk IN (SELECT i_item_sk FROM cross_items)
      GROUP BY i_brand HAVING sum(cs_quantity * cs_list_price) > (SELECT average FROM average)) AS both_channels
GROUP BY ROLLUP (channel, i_brand)
ORDER BY channel, i_brand;

-- name: zips_of_preferred_customers
SELECT s_name, sum(ss_profit)
FROM store_sales, date_dim, store, (
    SELECT ca_county FROM customer_address WHERE ca_zip IN ('10007', '10021', '10140', '10210', '10301', '10399')
    INTERSECT
    SELECT ca_county FROM customer_address, customer WHERE ca_address_sk = c_address_sk AND c_preferred
    GROUP BY ca_county HAVING count(*) > 10) AS counties
WHERE ss_store_sk = s_store_sk AND ss_date_sk = d_date_sk AND d_quarter = 2 AND d_year = 2000
  AND right(s_county, 1)::int <= right(ca_county, 1)::int
GROUP BY s_name ORDER BY s_name;

-- name: demographics_except_all
SELECT cd_education, count(*) FROM (
    SELECT ss_demo_sk FROM store_sales WHERE ss_quantity > 40
    EXCEPT ALL SELECT ss_demo_sk FROM store_sales WHERE ss_quantity <= 40) AS rest LEFT JOIN customer_demographics ON cd_demo_sk = ss_demo_sk
GROUP BY cd_education ORDER BY cd_education;
