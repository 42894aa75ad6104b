-- name: share_of_the_class
SELECT i_item_id, i_category, i_class, i_price, sum(cs_paid) AS revenue,
       sum(cs_paid) * 100 / sum(sum(cs_paid)) OVER (PARTITION BY i_class) AS share
FROM catalog_sales, item, date_dim
WHERE cs_item_sk = i_item_sk AND i_category IN ('Books', 'Home', 'Shoes') AND cs_date_sk = d_date_sk AND d_year = 2000 AND d_month BETWEEN 2 AND 5
GROUP BY i_item_id, i_category, i_class, i_price
ORDER BY i_category, i_class, i_item_id, i_price, share LIMIT 100;

-- name: months_off_the_average
SELECT * FROM (
    SELECT i_category, i_class, i_brand, s_name, d_month, sum(ss_price) AS sales,
           avg(sum(ss_price)) OVER (PARTITION BY i_category, i_brand, s_name) AS average
    FROM item, store_sales, date_dim, store
    WHERE ss_item_sk = i_item_sk AND ss_date_sk = d_date_sk AND ss_store_sk = s_store_sk AND d_year = 2000
    GROUP BY i_category, i_class, i_brand, s_name, d_month) AS monthly
WHERE average <> 0 AND abs(sales - average) / average > 0.1
ORDER BY sales - average, i_category, i_class, i_brand, s_name, d_month LIMIT 100;

-- name: month_before_and_after
WITH monthly AS (
    SELECT i_category, s_name, d_year, d_month, sum(ss_price) AS sales,
           avg(sum(ss_price)) OVER (PARTITION BY i_category, s_name, d_year) AS average,
           rank() OVER (PARTITION BY i_category, s_name ORDER BY d_year, d_month) AS place
    FROM item, store_sales, date_dim, store
    WHERE ss_item_sk = i_item_sk AND ss_date_sk = d_date_sk AND ss_store_sk = s_store_sk AND d_year IN (1999, 2000)
    GROUP BY i_category, s_name, d_year, d_month)
SELECT one.i_category, one.s_name, one.d_year, one.d_month, one.average, one.sales, before.sales AS before, after.sales AS after
FROM monthly AS one, monthly AS before, monthly AS after
WHERE one.i_category = before.i_category AND one.i_category = after.i_category AND one.s_name = before.s_name AND one.s_name = after.s_name
  AND one.place = before.place + 1 AND one.place = after.place - 1 AND one.d_year = 2000 AND one.average > 0
ORDER BY one.sales - one.average, one.i_category, one.s_name, one.d_month LIMIT 100;

-- name: cumulative_sales_of_two_channels
WITH web AS (
    SELECT ws_item_sk AS item_sk, d_date, sum(sum(ws_price)) OVER (PARTITION BY ws_item_sk ORDER BY d_date) AS total
    FROM web_sales, date_dim WHERE ws_date_sk = d_date_sk AND d_year = 2000 GROUP BY ws_item_sk, d_date),
shop AS (
    SELECT ss_item_sk AS item_sk, d_date, sum(sum(ss_price)) OVER (PARTITION BY ss_item_sk ORDER BY d_date) AS total
    FROM store_sales, date_dim WHERE ss_date_sk = d_date_sk AND d_year = 2000 GROUP BY ss_item_sk, d_date)
SELECT * FROM (
    SELECT item_sk, d_date, web_sales, store_sales, max(web_sales) OVER w AS web_most, max(store_sales) OVER w AS store_most
    FROM (SELECT coalesce(web.item_sk, shop.item_sk) AS item_sk, coalesce(web.d_date, shop.d_date) AS d_date, web.total AS web_sales,
                 shop.total AS store_sales
          FROM web FULL OUTER JOIN shop ON web.item_sk = shop.item_sk AND web.d_date = shop.d_date) AS joined
    WINDOW w AS (PARTITION BY item_sk ORDER BY d_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS running
WHERE web_most > store_most ORDER BY item_sk, d_date LIMIT 100;

-- name: worst_return_rates
SELECT channel, item, ratio, place FROM (
    SELECT 'web' AS channel, ws_item_sk AS item, ratio, rank() OVER (ORDER BY ratio DESC) AS place
    FROM (SELECT ws_item_sk, round(sum(coalesce(wr_quantity, 0))::numeric / nullif(sum(coalesce(ws_quantity, 0)), 0), 4) AS ratio
          FROM web_sales LEFT JOIN web_returns ON ws_order = wr_order AND ws_item_sk = wr_item_sk
          WHERE ws_paid > 0 GROUP BY ws_item_sk) AS web
    UNION
    SELECT 'store', ss_item_sk, ratio, rank() OVER (ORDER BY ratio DESC)
    FROM (SELECT ss_item_sk, round(sum(coalesce(sr_quantity, 0))::numeric / nullif(sum(coalesce(ss_quantity, 0)), 0), 4) AS ratio
          FROM store_sales LEFT JOIN store_returns ON ss_ticket = sr_ticket AND ss_item_sk = sr_item_sk
          WHERE ss_paid > 0 GROUP BY ss_item_sk) AS shop) AS rates
WHERE place <= 10 ORDER BY channel, place, item;

-- name: best_and_worst_items
SELECT ascending.place, best.i_product AS best, worst.i_product AS worst
FROM (SELECT item_sk, row_number() OVER (ORDER BY average, item_sk) AS place
      FROM (SELECT ss_item_sk AS item_sk, avg(ss_profit) AS average FROM store_sales WHERE ss_store_sk = 1
            GROUP BY ss_item_sk HAVING avg(ss_profit) > 0.9 * (SELECT avg(ss_profit) FROM store_sales WHERE ss_store_sk = 1 AND ss_customer_sk IS NULL)) AS a) AS ascending,
     (SELECT item_sk, row_number() OVER (ORDER BY average DESC, item_sk) AS place
      FROM (SELECT ss_item_sk AS item_sk, avg(ss_profit) AS average FROM store_sales WHERE ss_store_sk = 1 GROUP BY ss_item_sk) AS d) AS descending,
     item AS best, item AS worst
WHERE ascending.place = descending.place AND ascending.place < 11 AND best.i_item_sk = ascending.item_sk AND worst.i_item_sk = descending.item_sk
ORDER BY ascending.place;

-- name: days_since_the_previous_ticket
SELECT ss_customer_sk, count(*) AS visits, max(gap) AS longest, min(gap) AS shortest
FROM (SELECT ss_customer_sk, ss_date_sk - lag(ss_date_sk) OVER (PARTITION BY ss_customer_sk ORDER BY ss_date_sk) AS gap
      FROM store_sales WHERE ss_date_sk IS NOT NULL GROUP BY ss_customer_sk, ss_ticket, ss_date_sk) AS visits
GROUP BY ss_customer_sk HAVING count(*) > 3
ORDER BY longest DESC NULLS LAST, ss_customer_sk NULLS LAST LIMIT 30;
